#include "operations.h"

#include <type_traits>
#include <utility>

namespace mcusim::emulator::fpu::testing {
namespace {

constexpr std::uint64_t kUpperWord = 0xffffffff00000000;

/// The single register is the lower half of the double one; the upper half keeps its value.
std::uint64_t into_single(std::uint64_t c, std::uint32_t result) { return (c & kUpperWord) | result; }

/// Encodings are those of the single-precision form; the double form differs in the coprocessor number.
template <typename Format>
class Rows {
 public:
  using Bits = typename Format::Bits;
  static constexpr bool kDouble = std::is_same_v<Format, Double>;
  static constexpr OperandType kType = kDouble ? OperandType::double_precision : OperandType::single;

  static std::uint64_t write(std::uint64_t c, Bits result) {
    if constexpr (kDouble)
      return result;
    else
      return into_single(c, static_cast<std::uint32_t>(result));
  }

  /// `function` takes Bits operands and returns Bits.
  void add1(const char* name, std::uint32_t encoding, bool fpv4, Bits (*function)(Bits, Fpscr&)) {
    push(name, encoding, 1, fpv4, [function](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
      return write(c, function(static_cast<Bits>(a), fpscr));
    });
  }
  void add2(const char* name, std::uint32_t encoding, bool fpv4, Bits (*function)(Bits, Bits, Fpscr&)) {
    push(name, encoding, 2, fpv4,
         [function](std::uint64_t a, std::uint64_t b, std::uint64_t c, Fpscr& fpscr) {
           return write(c, function(static_cast<Bits>(a), static_cast<Bits>(b), fpscr));
         });
  }
  void add3(const char* name, std::uint32_t encoding, Bits (*function)(Bits, Bits, Bits, Fpscr&)) {
    push(name, encoding, 3, true,
         [function](std::uint64_t a, std::uint64_t b, std::uint64_t c, Fpscr& fpscr) {
           return write(c, function(static_cast<Bits>(c), static_cast<Bits>(a), static_cast<Bits>(b), fpscr));
         });
  }
  Operation& push(const std::string& name, std::uint32_t encoding, int operands, bool fpv4, Compute compute) {
    Operation row;
    row.name = name + (kDouble ? " double" : " single");
    row.encoding = encoding | (kDouble ? 0x100u : 0u);
    row.operands = operands;
    row.type = kType;
    row.cortex_m4 = fpv4 && !kDouble;
    row.compute = std::move(compute);
    rows_.push_back(std::move(row));
    return rows_.back();
  }
  std::vector<Operation> take() { return std::move(rows_); }

 private:
  std::vector<Operation> rows_;
};

template <typename Format>
std::vector<Operation> arithmetic() {
  using Bits = typename Format::Bits;
  Rows<Format> rows;
  rows.add2("vadd", 0xee302a01, true, add<Format>);
  rows.add2("vsub", 0xee302a41, true, subtract<Format>);
  rows.add2("vmul", 0xee202a01, true, multiply<Format>);
  rows.add2("vnmul", 0xee202a41, true,
            [](Bits a, Bits b, Fpscr& f) -> Bits { return negate<Format>(multiply<Format>(a, b, f)); });
  rows.add2("vdiv", 0xee802a01, true, divide<Format>);
  rows.add2("vmaxnm", 0xfe802a01, false, max_number<Format>);
  rows.add2("vminnm", 0xfe802a41, false, min_number<Format>);
  rows.add1("vsqrt", 0xeeb12ac0, true, square_root<Format>);
  rows.add1("vabs", 0xeeb02ac0, true, [](Bits a, Fpscr&) -> Bits { return absolute<Format>(a); });
  rows.add1("vneg", 0xeeb12a40, true, [](Bits a, Fpscr&) -> Bits { return negate<Format>(a); });
  return rows.take();
}

template <typename Format>
std::vector<Operation> multiply_add() {
  using Bits = typename Format::Bits;
  Rows<Format> rows;
  rows.add3("vmla", 0xee002a01,
            [](Bits c, Bits a, Bits b, Fpscr& f) { return chained_multiply_add<Format>(c, a, b, false, f); });
  rows.add3("vmls", 0xee002a41,
            [](Bits c, Bits a, Bits b, Fpscr& f) { return chained_multiply_add<Format>(c, a, b, true, f); });
  rows.add3("vnmla", 0xee102a41, [](Bits c, Bits a, Bits b, Fpscr& f) {
    return chained_multiply_add<Format>(negate<Format>(c), a, b, true, f);
  });
  rows.add3("vnmls", 0xee102a01, [](Bits c, Bits a, Bits b, Fpscr& f) {
    return chained_multiply_add<Format>(negate<Format>(c), a, b, false, f);
  });
  rows.add3("vfma", 0xeea02a01, fused_multiply_add<Format>);
  rows.add3("vfms", 0xeea02a41, [](Bits c, Bits a, Bits b, Fpscr& f) {
    return fused_multiply_add<Format>(c, negate<Format>(a), b, f);
  });
  rows.add3("vfnma", 0xee902a41, [](Bits c, Bits a, Bits b, Fpscr& f) {
    return fused_multiply_add<Format>(negate<Format>(c), negate<Format>(a), b, f);
  });
  rows.add3("vfnms", 0xee902a01, [](Bits c, Bits a, Bits b, Fpscr& f) {
    return fused_multiply_add<Format>(negate<Format>(c), a, b, f);
  });
  return rows.take();
}

template <typename Format>
std::vector<Operation> comparisons() {
  using Bits = typename Format::Bits;
  Rows<Format> rows;
  for (const bool signal : {false, true}) {
    const std::uint32_t e_bit = signal ? 0x80 : 0;
    const std::string name = signal ? "vcmpe" : "vcmp";
    rows.push(name, 0xeeb40a41 | e_bit, 2, true,
              [signal](std::uint64_t a, std::uint64_t b, std::uint64_t c, Fpscr& fpscr) {
                compare<Format>(static_cast<Bits>(a), static_cast<Bits>(b), signal, fpscr);
                return c;
              });
    rows.push(name + " with zero", 0xeeb50a40 | e_bit, 1, true,
              [signal](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                compare<Format>(static_cast<Bits>(a), 0, signal, fpscr);
                return c;
              });
  }
  return rows.take();
}

template <typename Format>
std::vector<Operation> to_and_from_integers() {
  using Bits = typename Format::Bits;
  struct Directed {
    const char* suffix;
    std::uint32_t to_unsigned;  // encoding; the signed form sets bit 16 (VCVT, VCVTR) or bit 7 (the others)
    std::uint32_t signed_bit;
    std::uint32_t rint;  // encoding of VRINT in the same mode
    bool by_fpscr;
    Rounding rounding;
  };
  static constexpr Directed kModes[] = {
      {"z", 0xeebc2ac0, 0x10000, 0xeeb62ac0, false, Rounding::toward_zero},
      {"r", 0xeebc2a40, 0x10000, 0xeeb62a40, true, Rounding::nearest_even},
      {"a", 0xfebc2a40, 0x80, 0xfeb82a40, false, Rounding::nearest_away},
      {"n", 0xfebd2a40, 0x80, 0xfeb92a40, false, Rounding::nearest_even},
      {"p", 0xfebe2a40, 0x80, 0xfeba2a40, false, Rounding::toward_plus},
      {"m", 0xfebf2a40, 0x80, 0xfebb2a40, false, Rounding::toward_minus},
  };
  Rows<Format> rows;
  for (const Directed& mode : kModes) {
    const auto rounding = [mode](const Fpscr& fpscr) {
      return mode.by_fpscr ? fpscr.rounding() : mode.rounding;
    };
    const bool fpv4 = mode.signed_bit == 0x10000;
    for (const bool is_signed : {false, true}) {
      rows.push(std::string("vcvt") + mode.suffix + (is_signed ? ".s32" : ".u32"),
                mode.to_unsigned | (is_signed ? mode.signed_bit : 0), 1, fpv4,
                [=](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                  return into_single(
                      c, to_integer<Format>(static_cast<Bits>(a), is_signed, rounding(fpscr), fpscr));
                });
    }
    rows.push(std::string("vrint") + mode.suffix, mode.rint, 1, false,
              [=](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                return Rows<Format>::write(
                    c, round_to_integral<Format>(static_cast<Bits>(a), rounding(fpscr), false, fpscr));
              });
  }
  rows.push("vrintx", 0xeeb72a40, 1, false,
            [](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
              return Rows<Format>::write(
                  c, round_to_integral<Format>(static_cast<Bits>(a), fpscr.rounding(), true, fpscr));
            });
  for (const bool is_signed : {false, true}) {
    rows.push(is_signed ? "vcvt from s32" : "vcvt from u32", is_signed ? 0xeeb82ac0 : 0xeeb82a40, 1, true,
              [is_signed](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                return Rows<Format>::write(
                    c, from_integer<Format>(static_cast<std::uint32_t>(a), is_signed, fpscr));
              })
        .type = OperandType::integer;
  }
  return rows.take();
}

template <typename Format>
std::vector<Operation> fixed_point() {
  using Bits = typename Format::Bits;
  Rows<Format> rows;
  for (const int width : {16, 32}) {
    for (const bool is_signed : {false, true}) {
      for (const int fraction_bits : {0, 1, 8, 15, 16, 31, 32}) {
        if (fraction_bits > width || (width == 32 && fraction_bits == 0)) continue;  // not encodable
        const FixedPoint type{width, fraction_bits, is_signed};
        const auto immediate = static_cast<std::uint32_t>(width - fraction_bits);
        const std::uint32_t encoding = 0xeeba2a40 | (is_signed ? 0 : 0x10000) | (width == 32 ? 0x80 : 0) |
                                       (immediate & 1) << 5 | immediate >> 1;
        const std::string name =
            (is_signed ? ".s" : ".u") + std::to_string(width) + " #" + std::to_string(fraction_bits);
        // Bit 18 chooses the direction.
        rows.push("vcvt fixed to" + name, encoding | 0x40000, 1, true,
                  [type](std::uint64_t, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                    return Rows<Format>::write(
                        c, static_cast<Bits>(to_fixed<Format>(static_cast<Bits>(c), type, fpscr)));
                  })
            .in_place = true;
        Operation& from = rows.push("vcvt fixed from" + name, encoding, 1, true,
                                    [type](std::uint64_t, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                                      return Rows<Format>::write(
                                          c, from_fixed<Format>(static_cast<std::uint32_t>(c), type, fpscr));
                                    });
        from.in_place = true;
        from.always_nearest = true;
        from.type = OperandType::integer;
      }
    }
  }
  return rows.take();
}

template <typename Format>
void push_half_conversions(std::vector<Operation>& all) {
  using Bits = typename Format::Bits;
  Rows<Format> rows;
  for (const bool top : {false, true}) {
    const int shift = top ? 16 : 0;
    const std::uint32_t t_bit = top ? 0x80 : 0;
    const std::string name = top ? "vcvtt" : "vcvtb";
    Operation& from = rows.push(name + " from half", 0xeeb22a40 | t_bit, 1, true,
                                [shift](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                                  const auto half = static_cast<Half::Bits>(a >> shift);
                                  return Rows<Format>::write(c, convert<Format, Half>(half, fpscr));
                                });
    from.type = OperandType::half;
    from.alternative_half = true;
    rows.push(name + " to half", 0xeeb32a40 | t_bit, 1, true,
              [shift](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                const std::uint64_t half = convert<Half, Format>(static_cast<Bits>(a), fpscr);
                return (c & ~(std::uint64_t{0xffff} << shift)) | half << shift;
              })
        .alternative_half = true;
  }
  for (Operation& row : rows.take()) all.push_back(std::move(row));
}

}  // namespace

std::vector<Operation> arithmetic_operations(OperandType type) {
  return type == OperandType::single ? arithmetic<Single>() : arithmetic<Double>();
}
std::vector<Operation> multiply_add_operations(OperandType type) {
  return type == OperandType::single ? multiply_add<Single>() : multiply_add<Double>();
}
std::vector<Operation> comparison_operations(OperandType type) {
  return type == OperandType::single ? comparisons<Single>() : comparisons<Double>();
}
std::vector<Operation> integer_conversions(OperandType type) {
  return type == OperandType::single ? to_and_from_integers<Single>() : to_and_from_integers<Double>();
}
std::vector<Operation> fixed_point_conversions(OperandType type) {
  return type == OperandType::single ? fixed_point<Single>() : fixed_point<Double>();
}

std::vector<Operation> format_conversions() {
  std::vector<Operation> all;
  push_half_conversions<Single>(all);
  push_half_conversions<Double>(all);
  Rows<Single> from_single;
  from_single.push("vcvt to double", 0xeeb72ac0, 1, false,
                   [](std::uint64_t a, std::uint64_t, std::uint64_t, Fpscr& fpscr) -> std::uint64_t {
                     return convert<Double, Single>(static_cast<std::uint32_t>(a), fpscr);
                   });
  Rows<Double> from_double;
  from_double.push("vcvt to single", 0xeeb72ac0, 1, false,
                   [](std::uint64_t a, std::uint64_t, std::uint64_t c, Fpscr& fpscr) {
                     return into_single(c, convert<Single, Double>(a, fpscr));
                   });
  for (Operation& row : from_single.take()) all.push_back(std::move(row));
  for (Operation& row : from_double.take()) all.push_back(std::move(row));
  return all;
}

}  // namespace mcusim::emulator::fpu::testing
