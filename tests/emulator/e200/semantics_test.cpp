#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>

#include "book_e_core.h"
#include "emulator/e200/decoder.h"
#include "emulator/e200/disassembler.h"
#include "test_core.h"

// The same operation in its VLE and in its Book E encoding, executed by the native core and by Unicorn's
// e500, with random operands.
namespace mcusim::emulator::e200 {
namespace {

/// What the encodings of a case are built of. r31 is never an operand.
struct Fields {
  std::uint32_t d, a, b;  ///< Registers 0 to 30.
  std::uint32_t x, y;     ///< Four-bit fields of 16-bit forms.
  std::uint32_t imm;      ///< 32 random bits.
};

constexpr std::uint32_t short_register(std::uint32_t field) { return field < 8 ? field : field + 16; }
constexpr std::uint32_t nonzero(std::uint32_t reg) { return reg == 0 ? 1 : reg; }
constexpr std::uint32_t x_form(std::uint32_t s, std::uint32_t a, std::uint32_t b, std::uint32_t xo) {
  return 31u << 26 | s << 21 | a << 16 | b << 11 | xo << 1;
}
constexpr std::uint32_t d_form(std::uint32_t op, std::uint32_t d, std::uint32_t a, std::uint32_t imm) {
  return op << 26 | d << 21 | a << 16 | (imm & 0xffff);
}
/// rlwinm of Book E.
constexpr std::uint32_t rotate(std::uint32_t s, std::uint32_t a, std::uint32_t sh, std::uint32_t mb,
                               std::uint32_t me, std::uint32_t op = 21) {
  return op << 26 | s << 21 | a << 16 | sh << 11 | mb << 6 | me << 1;
}
constexpr std::uint32_t se(std::uint32_t opcode, std::uint32_t y, std::uint32_t x) {
  return opcode << 8 | y << 4 | x;
}
/// 16-bit immediate split around a register, which is in the second field (A) or in the first (D).
constexpr std::uint32_t i16a(std::uint32_t xo, std::uint32_t a, std::uint32_t imm) {
  return 28u << 26 | (imm >> 11 & 31) << 21 | a << 16 | xo << 11 | (imm & 0x7ff);
}
constexpr std::uint32_t i16d(std::uint32_t xo, std::uint32_t d, std::uint32_t imm) {
  return 28u << 26 | d << 21 | (imm >> 11 & 31) << 16 | xo << 11 | (imm & 0x7ff);
}
/// SCI8 with scale 0: what fits into 16 bits of Book E too.
constexpr std::uint32_t sci8(std::uint32_t xo, std::uint32_t first, std::uint32_t second, std::uint32_t imm,
                             bool rc) {
  return 6u << 26 | first << 21 | second << 16 | xo << 12 | (rc ? 1u : 0) << 11 | (imm & 0xff);
}

struct Case {
  std::string name;
  bool wide;
  std::function<std::uint32_t(const Fields&)> vle, book_e;
  bool memory = false;  ///< Register a (or x) is a base.
};

#define MCUSIM_CASE(name, wide, vle, book_e)                          \
  {                                                                   \
    name, wide, [](const Fields& f) -> std::uint32_t { return vle; }, \
        [](const Fields& f) -> std::uint32_t { return book_e; }       \
  }
#define MCUSIM_MEMORY(name, wide, vle, book_e)                        \
  {                                                                   \
    name, wide, [](const Fields& f) -> std::uint32_t { return vle; }, \
        [](const Fields& f) -> std::uint32_t { return book_e; }, true \
  }
#define X short_register(f.x)
#define Y short_register(f.y)
#define U5 (f.imm & 31)

const Case kCases[] = {
    // 16 bits
    MCUSIM_CASE("se_not", false, se(0x00, 2, f.x), x_form(X, X, X, 124)),
    MCUSIM_CASE("se_neg", false, se(0x00, 3, f.x), x_form(X, X, 0, 104)),
    MCUSIM_CASE("se_mflr", false, se(0x00, 8, f.x), 0x7c0802a6 | X << 21),
    MCUSIM_CASE("se_mtlr", false, se(0x00, 9, f.x), 0x7c0803a6 | X << 21),
    MCUSIM_CASE("se_mfctr", false, se(0x00, 10, f.x), 0x7c0902a6 | X << 21),
    MCUSIM_CASE("se_mtctr", false, se(0x00, 11, f.x), 0x7c0903a6 | X << 21),
    MCUSIM_CASE("se_extzb", false, se(0x00, 12, f.x), rotate(X, X, 0, 24, 31)),
    MCUSIM_CASE("se_extsb", false, se(0x00, 13, f.x), x_form(X, X, 0, 954)),
    MCUSIM_CASE("se_extzh", false, se(0x00, 14, f.x), rotate(X, X, 0, 16, 31)),
    MCUSIM_CASE("se_extsh", false, se(0x00, 15, f.x), x_form(X, X, 0, 922)),
    MCUSIM_CASE("se_mr", false, se(0x01, f.y, f.x), x_form(Y, X, Y, 444)),
    MCUSIM_CASE("se_mtar", false, se(0x02, f.y, f.x), x_form(Y, f.x + 8, Y, 444)),
    MCUSIM_CASE("se_mfar", false, se(0x03, f.y, f.x), x_form(f.y + 8, X, f.y + 8, 444)),
    MCUSIM_CASE("se_add", false, se(0x04, f.y, f.x), x_form(X, X, Y, 266)),
    MCUSIM_CASE("se_mullw", false, se(0x05, f.y, f.x), x_form(X, X, Y, 235)),
    MCUSIM_CASE("se_sub", false, se(0x06, f.y, f.x), x_form(X, Y, X, 40)),
    MCUSIM_CASE("se_subf", false, se(0x07, f.y, f.x), x_form(X, X, Y, 40)),
    MCUSIM_CASE("se_cmp", false, se(0x0c, f.y, f.x), x_form(0, X, Y, 0)),
    MCUSIM_CASE("se_cmpl", false, se(0x0d, f.y, f.x), x_form(0, X, Y, 32)),
    MCUSIM_CASE("se_addi", false, 0x2000 | U5 << 4 | f.x,
                X == 0 ? d_form(12, 0, 0, U5 + 1) : d_form(14, X, X, U5 + 1)),
    MCUSIM_CASE("se_cmpli", false, 0x2200 | U5 << 4 | f.x, d_form(10, 0, X, U5 + 1)),
    MCUSIM_CASE("se_cmpi", false, 0x2a00 | U5 << 4 | f.x, d_form(11, 0, X, U5)),
    MCUSIM_CASE("se_bmaski", false, 0x2c00 | U5 << 4 | f.x,
                U5 == 0   ? d_form(14, X, 0, 0xffff)
                : U5 < 16 ? d_form(14, X, 0, (1u << U5) - 1)
                          : x_form(X, X, X, 444)),
    MCUSIM_CASE("se_andi", false, 0x2e00 | U5 << 4 | f.x, rotate(X, X, 0, 31, 31)),
    MCUSIM_CASE("se_srw", false, se(0x40, f.y, f.x), x_form(X, X, Y, 536)),
    MCUSIM_CASE("se_sraw", false, se(0x41, f.y, f.x), x_form(X, X, Y, 792)),
    MCUSIM_CASE("se_slw", false, se(0x42, f.y, f.x), x_form(X, X, Y, 24)),
    MCUSIM_CASE("se_or", false, se(0x44, f.y, f.x), x_form(X, X, Y, 444)),
    MCUSIM_CASE("se_andc", false, se(0x45, f.y, f.x), x_form(X, X, Y, 60)),
    MCUSIM_CASE("se_and", false, se(0x46, f.y, f.x), x_form(X, X, Y, 28)),
    MCUSIM_CASE("se_and.", false, se(0x47, f.y, f.x), x_form(X, X, Y, 28) | 1),
    MCUSIM_CASE("se_li", false, 0x4800 | (f.imm & 127) << 4 | f.x, d_form(14, X, 0, f.imm & 127)),
    MCUSIM_CASE("se_bclri", false, 0x6000 | U5 << 4 | f.x, rotate(X, X, 0, (U5 + 1) & 31, (U5 + 31) & 31)),
    MCUSIM_CASE("se_srwi", false, 0x6800 | U5 << 4 | f.x, rotate(X, X, (32 - U5) & 31, U5, 31)),
    MCUSIM_CASE("se_srawi", false, 0x6a00 | U5 << 4 | f.x, x_form(X, X, U5, 824)),
    MCUSIM_CASE("se_slwi", false, 0x6c00 | U5 << 4 | f.x, rotate(X, X, U5, 0, 31 - U5)),
    MCUSIM_MEMORY("se_lbz", false, 0x8000 | (f.imm & 15) << 8 | f.y << 4 | f.x, d_form(34, Y, X, f.imm & 15)),
    MCUSIM_MEMORY("se_stb", false, 0x9000 | (f.imm & 15) << 8 | f.y << 4 | f.x, d_form(38, Y, X, f.imm & 15)),
    MCUSIM_MEMORY("se_lhz", false, 0xa000 | (f.imm & 15) << 8 | f.y << 4 | f.x,
                  d_form(40, Y, X, (f.imm & 15) * 2)),
    MCUSIM_MEMORY("se_sth", false, 0xb000 | (f.imm & 15) << 8 | f.y << 4 | f.x,
                  d_form(44, Y, X, (f.imm & 15) * 2)),
    MCUSIM_MEMORY("se_lwz", false, 0xc000 | (f.imm & 15) << 8 | f.y << 4 | f.x,
                  d_form(32, Y, X, (f.imm & 15) * 4)),
    MCUSIM_MEMORY("se_stw", false, 0xd000 | (f.imm & 15) << 8 | f.y << 4 | f.x,
                  d_form(36, Y, X, (f.imm & 15) * 4)),
    // 32 bits; where register 0 means the value 0 in Book E only, r1 stands in
    MCUSIM_CASE("e_add16i", true, d_form(7, f.d, nonzero(f.a), f.imm), d_form(14, f.d, nonzero(f.a), f.imm)),
    MCUSIM_CASE("e_add2i.", true, i16a(17, f.a, f.imm & 0x7fff), d_form(13, f.a, f.a, f.imm & 0x7fff)),
    MCUSIM_CASE("e_add2is", true, i16a(18, nonzero(f.a), f.imm),
                d_form(15, nonzero(f.a), nonzero(f.a), f.imm)),
    MCUSIM_CASE("e_cmp16i", true, i16a(19, f.a, f.imm), d_form(11, 0, f.a, f.imm)),
    MCUSIM_CASE("e_mull2i", true, i16a(20, f.a, f.imm), d_form(7, f.a, f.a, f.imm)),
    MCUSIM_CASE("e_cmpl16i", true, i16a(21, f.a, f.imm), d_form(10, 0, f.a, f.imm)),
    MCUSIM_CASE("e_or2i", true, i16d(24, f.d, f.imm), d_form(24, f.d, f.d, f.imm)),
    MCUSIM_CASE("e_and2i.", true, i16d(25, f.d, f.imm), d_form(28, f.d, f.d, f.imm)),
    MCUSIM_CASE("e_or2is", true, i16d(26, f.d, f.imm), d_form(25, f.d, f.d, f.imm)),
    MCUSIM_CASE("e_lis", true, i16d(28, f.d, f.imm), d_form(15, f.d, 0, f.imm)),
    MCUSIM_CASE("e_and2is.", true, i16d(29, f.d, f.imm), d_form(29, f.d, f.d, f.imm)),
    MCUSIM_CASE("e_addi", true, sci8(8, f.d, nonzero(f.a), f.imm, false),
                d_form(14, f.d, nonzero(f.a), f.imm & 0xff)),
    MCUSIM_CASE("e_addic", true, sci8(9, f.d, f.a, f.imm, false), d_form(12, f.d, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_addic.", true, sci8(9, f.d, f.a, f.imm, true), d_form(13, f.d, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_mulli", true, sci8(10, f.d, f.a, f.imm, false), d_form(7, f.d, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_cmpi", true, sci8(10, f.d & 3, f.a, f.imm, true),
                d_form(11, (f.d & 3) << 2, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_cmpli", true, sci8(10, 4 | (f.d & 3), f.a, f.imm, true),
                d_form(10, (f.d & 3) << 2, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_subfic", true, sci8(11, f.d, f.a, f.imm, false), d_form(8, f.d, f.a, f.imm & 0xff)),
    MCUSIM_CASE("e_andi.", true, sci8(12, f.a, f.d, f.imm, true), d_form(28, f.a, f.d, f.imm & 0xff)),
    MCUSIM_CASE("e_ori", true, sci8(13, f.a, f.d, f.imm, false), d_form(24, f.a, f.d, f.imm & 0xff)),
    MCUSIM_CASE("e_xori", true, sci8(14, f.a, f.d, f.imm, false), d_form(26, f.a, f.d, f.imm & 0xff)),
    MCUSIM_CASE("e_rlwinm", true, rotate(f.d, f.a, U5, f.imm >> 5 & 31, f.imm >> 10 & 31, 29) | 1,
                rotate(f.d, f.a, U5, f.imm >> 5 & 31, f.imm >> 10 & 31)),
    MCUSIM_CASE("e_rlwimi", true, rotate(f.d, f.a, U5, f.imm >> 5 & 31, f.imm >> 10 & 31, 29),
                rotate(f.d, f.a, U5, f.imm >> 5 & 31, f.imm >> 10 & 31, 20)),
    MCUSIM_CASE("e_rlw", true, x_form(f.d, f.a, f.b, 280), rotate(f.d, f.a, f.b, 0, 31, 23)),
    MCUSIM_CASE("e_rlw.", true, x_form(f.d, f.a, f.b, 280) | 1, rotate(f.d, f.a, f.b, 0, 31, 23) | 1),
    MCUSIM_CASE("e_rlwi", true, x_form(f.d, f.a, U5, 312), rotate(f.d, f.a, U5, 0, 31)),
    MCUSIM_CASE("e_slwi.", true, x_form(f.d, f.a, U5, 56) | 1, rotate(f.d, f.a, U5, 0, 31 - U5) | 1),
    MCUSIM_CASE("e_srwi.", true, x_form(f.d, f.a, U5, 568) | 1, rotate(f.d, f.a, (32 - U5) & 31, U5, 31) | 1),
    MCUSIM_CASE("e_mcrf", true, x_form((f.d & 7) << 2, (f.a & 7) << 2, 0, 16),
                19u << 26 | (f.d & 7) << 23 | (f.a & 7) << 18),
    MCUSIM_CASE("e_crand", true, x_form(f.d, f.a, f.b, 257),
                19u << 26 | (x_form(f.d, f.a, f.b, 257) & 0x03ffffff)),
    MCUSIM_CASE("e_crandc", true, x_form(f.d, f.a, f.b, 129),
                19u << 26 | (x_form(f.d, f.a, f.b, 129) & 0x03ffffff)),
    MCUSIM_CASE("e_creqv", true, x_form(f.d, f.a, f.b, 289),
                19u << 26 | (x_form(f.d, f.a, f.b, 289) & 0x03ffffff)),
    MCUSIM_CASE("e_crnand", true, x_form(f.d, f.a, f.b, 225),
                19u << 26 | (x_form(f.d, f.a, f.b, 225) & 0x03ffffff)),
    MCUSIM_CASE("e_crnor", true, x_form(f.d, f.a, f.b, 33),
                19u << 26 | (x_form(f.d, f.a, f.b, 33) & 0x03ffffff)),
    MCUSIM_CASE("e_cror", true, x_form(f.d, f.a, f.b, 449),
                19u << 26 | (x_form(f.d, f.a, f.b, 449) & 0x03ffffff)),
    MCUSIM_CASE("e_crorc", true, x_form(f.d, f.a, f.b, 417),
                19u << 26 | (x_form(f.d, f.a, f.b, 417) & 0x03ffffff)),
    MCUSIM_CASE("e_crxor", true, x_form(f.d, f.a, f.b, 193),
                19u << 26 | (x_form(f.d, f.a, f.b, 193) & 0x03ffffff)),
    MCUSIM_MEMORY("e_lbz", true, d_form(12, f.d, f.a, f.imm & 63), d_form(34, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_stb", true, d_form(13, f.d, f.a, f.imm & 63), d_form(38, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lha", true, d_form(14, f.d, f.a, f.imm & 63), d_form(42, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lwz", true, d_form(20, f.d, f.a, f.imm & 63), d_form(32, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_stw", true, d_form(21, f.d, f.a, f.imm & 63), d_form(36, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lhz", true, d_form(22, f.d, f.a, f.imm & 63), d_form(40, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_sth", true, d_form(23, f.d, f.a, f.imm & 63), d_form(44, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lbzu", true, d_form(6, f.d, f.a, f.imm & 63), d_form(35, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lhzu", true, d_form(6, f.d, f.a, 0x100 | (f.imm & 63)),
                  d_form(41, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lwzu", true, d_form(6, f.d, f.a, 0x200 | (f.imm & 63)),
                  d_form(33, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_lhau", true, d_form(6, f.d, f.a, 0x300 | (f.imm & 63)),
                  d_form(43, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_stbu", true, d_form(6, f.d, f.a, 0x400 | (f.imm & 63)),
                  d_form(39, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_sthu", true, d_form(6, f.d, f.a, 0x500 | (f.imm & 63)),
                  d_form(45, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_stwu", true, d_form(6, f.d, f.a, 0x600 | (f.imm & 63)),
                  d_form(37, f.d, f.a, f.imm & 63)),
    MCUSIM_MEMORY("e_stmw", true, d_form(6, f.d, f.a, 0x900 | (f.imm & 60)),
                  d_form(47, f.d, f.a, f.imm & 60)),
};
#undef X
#undef Y
#undef U5
#undef MCUSIM_CASE
#undef MCUSIM_MEMORY

class Semantics : public testing::Test {
 protected:
  static constexpr std::uint32_t kBase = kData + 0x400, kCarry = 0x20000000;

  static int rounds() {
    const char* rounds = std::getenv("MCUSIM_VLE_ROUNDS");
    return rounds != nullptr ? std::atoi(rounds) : 100;
  }

  std::uint32_t random_word() {
    static constexpr std::uint32_t kCorners[] = {0,          1,      0xffffffff, 0x80000000, 0x7fffffff,
                                                 0xffff8000, 0x8000, 31,         32};
    const auto random = static_cast<std::uint32_t>(random_());
    return (random_() & 3) == 0 ? kCorners[random % std::size(kCorners)] : random;
  }

  TestState random_state() {
    TestState state;
    for (std::uint32_t& reg : state.r) reg = random_word();
    state.cr = static_cast<std::uint32_t>(random_());
    state.xer = static_cast<std::uint32_t>(random_()) & 0xe0000000u;
    state.lr = static_cast<std::uint32_t>(random_()) & ~3u;
    state.ctr = static_cast<std::uint32_t>(random_());
    state.r[30] = state.xer;  // As the reference begins.
    return state;
  }

  void fill_data() {
    std::vector<std::uint8_t> bytes(BookECore::kDataSize);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    core_.load(kData, bytes);
    reference_.write_data(bytes);
  }

  std::vector<std::uint8_t> data() {
    std::vector<std::uint8_t> bytes(BookECore::kDataSize);
    core_.bus().fetch(kData, bytes.data(), bytes.size());
    return bytes;
  }

  /// False at the first difference, which is reported.
  bool agree(const std::string& name, std::uint32_t vle, bool wide, std::uint32_t book_e, TestState state,
             bool memory) {
    const TestState before = state;
    TestState expected = state;
    if (!reference_.execute(book_e, expected)) {
      ADD_FAILURE() << name << ": the reference does not execute " << std::hex << book_e;
      return false;
    }
    const Stop stop = core_.execute(vle, wide, state);
    // The form of Book E that records a sum leaves a carry too.
    if (name == "e_add2i.") expected.xer = (expected.xer & ~kCarry) | (before.xer & kCarry);
    expected.r[31] = state.r[31];
    const bool same = stop.reason == StopReason::step && state.r == expected.r && state.cr == expected.cr &&
                      (state.xer & 0xe0000000) == (expected.xer & 0xe0000000) && state.lr == expected.lr &&
                      state.ctr == expected.ctr && (!memory || data() == reference_.data());
    if (same) return true;
    std::string text;
    char line[160];
    for (unsigned i = 0; i < 31; ++i) {
      if (state.r[i] == expected.r[i] && state.r[i] == before.r[i]) continue;
      std::snprintf(line, sizeof line, "\n  r%u: was %08x, is %08x, expected %08x", i, before.r[i],
                    state.r[i], expected.r[i]);
      text += line;
    }
    std::snprintf(line, sizeof line,
                  "\n  cr: was %08x, is %08x, expected %08x\n  xer: was %08x, is %08x, expected %08x",
                  before.cr, state.cr, expected.cr, before.xer, state.xer, expected.xer);
    ADD_FAILURE() << name << ' ' << std::hex << vle << " (" << book_e << "): " << stop.detail << text << line;
    return false;
  }

  /// Registers a and b of a memory access point into the data.
  static void make_addresses(TestState& state, std::uint32_t base, std::uint32_t index,
                             std::mt19937& random) {
    state.r[base] = kBase + (random() & 0x3fc);
    if (index < 32) state.r[index] = random() & 0x1ff;
  }

  std::mt19937 random_{7};
  TestCore core_;
  BookECore reference_{kCode, kData};
};

TEST_F(Semantics, OfVleFormsAreThoseOfTheirBookEForms) {
  for (const Case& test : kCases) {
    if (test.memory) fill_data();
    for (int round = 0; round < rounds(); ++round) {
      const auto random = [this](std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_()) % bound;
      };
      // r31 (field 15 of 16-bit forms) belongs to the reference.
      Fields f{random(31), random(31), random(31),
               random(15), random(15), static_cast<std::uint32_t>(random_())};
      TestState state = random_state();
      if (test.memory) {
        if (test.wide ? f.a == 0 || f.a == f.d || f.a == 30 : f.x == 0 || f.x == 14) continue;
        if (test.name == "e_stmw" && f.d > 29) continue;
        make_addresses(state, test.wide ? f.a : short_register(f.x), 32, random_);
      }
      // Forms without an exact counterpart are checked for part of their operands.
      if (test.name == "se_bmaski" && (f.imm & 31) >= 16) continue;
      if (test.name == "se_andi") f.imm = (f.imm & ~31u) | 1;
      if (test.name == "se_addi" && short_register(f.x) == 0) continue;
      if (!agree(test.name, test.vle(f), test.wide, test.book_e(f), state, test.memory)) break;
    }
  }
}

/// Rows that are one encoding in VLE and in Book E, by the class of what they do.
bool is_shared(const Encoding& encoding) {
  const bool op31 = encoding.pattern.starts_with("011111"), op4 = encoding.pattern.starts_with("000100");
  if ((!op31 && !op4) || encoding.mnemonic.empty() || encoding.mnemonic.starts_with("e_")) return false;
  switch (encoding.instruction_class) {
    case InstructionClass::alu:
    case InstructionClass::shift:
    case InstructionClass::multiply:
    case InstructionClass::divide:
    case InstructionClass::extend:
    case InstructionClass::count_zeros:
    case InstructionClass::load_register:
    case InstructionClass::store_register:
      return true;
    case InstructionClass::status:
      return encoding.mnemonic == "mfcr" || encoding.mnemonic == "mtcrf" || encoding.mnemonic == "mcrxr";
    default:
      return false;
  }
}

std::uint32_t random_encoding(const Encoding& encoding, std::mt19937& random) {
  for (;;) {
    std::uint32_t word = 0;
    unsigned position = 32;
    const auto bits = static_cast<std::uint32_t>(random());
    for (const char c : encoding.pattern) {
      if (c == ' ') continue;
      --position;
      word |= (c == '0' || c == '.' ? 0u : c == '1' ? 1u : bits >> position & 1) << position;
    }
    const std::uint32_t d = word >> 21 & 31, a = word >> 16 & 31, b = word >> 11 & 31;
    if (d != 31 && a != 31 && b != 31) return word;
  }
}

TEST_F(Semantics, OfSharedEncodingsAreThoseOfBookE) {
  for (const Encoding& encoding : encodings32()) {
    if (!is_shared(encoding)) continue;
    const bool memory = is_load_or_store(encoding.instruction_class);
    if (memory) fill_data();
    for (int round = 0; round < rounds(); ++round) {
      const std::uint32_t word = random_encoding(encoding, random_);
      const std::uint32_t d = word >> 21 & 31, a = word >> 16 & 31, b = word >> 11 & 31;
      TestState state = random_state();
      if (memory) {
        if (a == 0 || a == b || a == d || a == 30 || b == 30) continue;
        make_addresses(state, a, b, random_);
      }
      // What such divisions leave is not defined.
      if (encoding.instruction_class == InstructionClass::divide &&
          (state.r[b] == 0 || (state.r[a] == 0x80000000u && state.r[b] == 0xffffffffu)))
        continue;
      if (!agree(std::string(encoding.mnemonic), word, true, word, state, memory)) break;
    }
  }
}

TEST_F(Semantics, OfFloatingPointOnNormalNumbersAreThoseOfBookE) {
  const auto is_normal = [](std::uint32_t x) { return (x >> 23 & 0xff) != 0 && (x >> 23 & 0xff) != 0xff; };
  static constexpr std::string_view kKnown[] = {"efsadd",   "efssub",   "efsmul",   "efsdiv",   "efsabs",
                                                "efsnabs",  "efsneg",   "efscmpgt", "efscmplt", "efscmpeq",
                                                "efststgt", "efststlt", "efststeq", "efscfsi",  "efscfui",
                                                "efsctsi",  "efsctui",  "efsctsiz", "efsctuiz"};
  for (const Encoding& encoding : encodings32()) {
    if (std::ranges::find(kKnown, encoding.mnemonic) == std::end(kKnown)) continue;
    const bool from_integer = encoding.mnemonic.starts_with("efscf");
    int compared = 0;
    for (int round = 0; round < rounds() * 4; ++round) {
      const std::uint32_t word = random_encoding(encoding, random_);
      TestState state = random_state();
      if (!from_integer) {
        // Exponents near each other, so that sums cancel and round.
        for (unsigned i = 0; i < 30; ++i) {
          const auto random = static_cast<std::uint32_t>(random_());
          state.r[i] = (random & 0x807fffff) | (110 + random_() % 50) << 23;
        }
        state.r[30] = state.xer = 0;
      }
      TestState expected = state;
      if (!reference_.execute(word, expected)) {
        ADD_FAILURE() << encoding.mnemonic << " is not executed by the reference";
        break;
      }
      const std::uint32_t d = word >> 21 & 31, a = word >> 16 & 31, b = word >> 11 & 31;
      const bool plain = encoding.instruction_class == InstructionClass::fp_compare ||
                         encoding.instruction_class == InstructionClass::fp_convert ||
                         is_normal(expected.r[d]) || expected.r[d] == 0;
      // The reference computes with denormal numbers and infinities; operands are 0 only in r30.
      if (!plain || (!from_integer && (a == 30 || b == 30))) continue;
      // Out of range it saturates differently.
      ++compared;
      if (!agree(std::string(encoding.mnemonic), word, true, word, state, false)) break;
    }
    EXPECT_GT(compared, rounds()) << encoding.mnemonic;
  }
}

}  // namespace
}  // namespace mcusim::emulator::e200
