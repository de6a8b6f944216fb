#include "viewer/window/picture.h"

#include <png.h>

#include "common/error.h"
#include "common/files.h"

namespace mcusim::viewer {
namespace {

png_image description(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGB;
  return image;
}

}  // namespace

void write_png(const std::filesystem::path& path, const Picture& picture) {
  png_image image = description(picture);
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::uint8_t> bytes(size);
  if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr))
    throw InputError(path.string() + ": cannot be made a PNG: " + image.message +
                     "; choose a smaller --size");
  bytes.resize(size);
  write_file(path, bytes);
}

Picture read_png(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  png_image image = description({});
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()))
    throw InputError(path.string() + ": not a PNG: " + image.message + "; give a picture in that format");
  image.format = PNG_FORMAT_RGB;
  Picture picture{image.width, image.height, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  if (!png_image_finish_read(&image, nullptr, picture.rgb.data(), 0, nullptr))
    throw InputError(path.string() + ": damaged PNG: " + image.message + "; give an undamaged picture");
  return picture;
}

}  // namespace mcusim::viewer
