#include "viewer/window/ui_context.h"

#include <array>
#include <filesystem>
#include <utility>

// The one file that knows how ImGui's versions differ: 1.87 replaced arrays that the host fills by events.

namespace mcusim::viewer {
namespace {

constexpr const char* kFontFolders[] = {"/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/TTF",
                                        "/usr/share/fonts/dejavu-sans-fonts"};

constexpr std::pair<Key, ImGuiKey_> kKeys[] = {{Key::tab, ImGuiKey_Tab},
                                               {Key::left, ImGuiKey_LeftArrow},
                                               {Key::right, ImGuiKey_RightArrow},
                                               {Key::up, ImGuiKey_UpArrow},
                                               {Key::down, ImGuiKey_DownArrow},
                                               {Key::page_up, ImGuiKey_PageUp},
                                               {Key::page_down, ImGuiKey_PageDown},
                                               {Key::home, ImGuiKey_Home},
                                               {Key::end, ImGuiKey_End},
                                               {Key::insert, ImGuiKey_Insert},
                                               {Key::del, ImGuiKey_Delete},
                                               {Key::backspace, ImGuiKey_Backspace},
                                               {Key::space, ImGuiKey_Space},
                                               {Key::enter, ImGuiKey_Enter},
                                               {Key::escape, ImGuiKey_Escape},
                                               {Key::a, ImGuiKey_A},
                                               {Key::c, ImGuiKey_C},
                                               {Key::v, ImGuiKey_V},
                                               {Key::x, ImGuiKey_X},
                                               {Key::y, ImGuiKey_Y},
                                               {Key::z, ImGuiKey_Z}};

#if IMGUI_VERSION_NUM < 18700
void map_keys(ImGuiIO& io) {
  for (const auto& [key, imgui_key] : kKeys) io.KeyMap[imgui_key] = static_cast<int>(key);
}

void feed(ImGuiIO& io, const Input& input) {
  io.MousePos = input.mouse_x < 0 ? ImVec2(-FLT_MAX, -FLT_MAX) : ImVec2(input.mouse_x, input.mouse_y);
  for (std::size_t i = 0; i < kMouseButtons; ++i) io.MouseDown[i] = input.buttons[i];
  io.MouseWheel = input.wheel;
  for (std::size_t i = 0; i < input.keys.size(); ++i) io.KeysDown[i] = input.keys[i];
  io.KeyCtrl = input.ctrl;
  io.KeyShift = input.shift;
  io.KeyAlt = input.alt;
}
#else
void map_keys(ImGuiIO&) {}

void feed(ImGuiIO& io, const Input& input) {
  io.AddMousePosEvent(input.mouse_x < 0 ? -FLT_MAX : input.mouse_x,
                      input.mouse_x < 0 ? -FLT_MAX : input.mouse_y);
  for (std::size_t i = 0; i < kMouseButtons; ++i)
    io.AddMouseButtonEvent(static_cast<int>(i), input.buttons[i]);
  io.AddMouseWheelEvent(0, input.wheel);
  io.AddKeyEvent(ImGuiMod_Ctrl, input.ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, input.shift);
  io.AddKeyEvent(ImGuiMod_Alt, input.alt);
  for (const auto& [key, imgui_key] : kKeys) io.AddKeyEvent(imgui_key, input.is_down(key));
}
#endif

ImFont* load_font(const char* file, float pixels) {
  // Text in profiles is code and names; arrows and box lines are drawn, not written.
  static constexpr std::array<ImWchar, 5> kLetters = {0x20, 0x17f, 0x2013, 0x2026, 0};
  for (const char* folder : kFontFolders) {
    const std::filesystem::path path = std::filesystem::path(folder) / file;
    if (!std::filesystem::exists(path)) continue;
    return ImGui::GetIO().Fonts->AddFontFromFileTTF(path.c_str(), pixels, nullptr, kLetters.data());
  }
  ImFontConfig config;
  config.SizePixels = pixels;
  return ImGui::GetIO().Fonts->AddFontDefault(&config);
}

}  // namespace

UiContext::UiContext() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // The viewer keeps its own settings.
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  map_keys(io);
}

UiContext::~UiContext() { ImGui::DestroyContext(); }

void UiContext::load_fonts(float pixels) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  fonts_.text = load_font("DejaVuSans.ttf", pixels);
  fonts_.fixed = load_font("DejaVuSansMono.ttf", pixels);
  unsigned char* bytes = nullptr;
  int width = 0, height = 0;
  atlas.GetTexDataAsRGBA32(&bytes, &width, &height);
}

void UiContext::begin_frame(const Input& input) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {input.width, input.height};
  io.DeltaTime = input.seconds > 0 ? input.seconds : 1e-4f;
  feed(io, input);
  for (const char32_t letter : input.text) io.AddInputCharacter(letter);
  ImGui::NewFrame();
}

ImDrawData* UiContext::end_frame() {
  ImGui::Render();
  return ImGui::GetDrawData();
}

}  // namespace mcusim::viewer
