#include "mcu_models/registers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "mcu_models/reader.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::string_view kRuleForm = "write \"CR.25 = CR.24\", \"CFGR.5:3 = CFGR.2:0\" or \"CSR.13 = 1\"";
constexpr std::string_view kConditionForm = "write bits and a number, as PWR.CR1.10:9 = 1";
constexpr std::string_view kBitsForm = "write a bit as ACR.8 or bits as ACR.3:0, highest first, 31 to 0";

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const RegisterModel& find_in(const Node& where, const std::string& path, std::string_view name,
                             const PeripheralModel& peripheral) {
  const auto found = std::ranges::find(peripheral.registers, name, &RegisterModel::name);
  if (found != peripheral.registers.end()) return *found;
  fail(where, path,
       fmt::format("{} has no register '{}'{}", peripheral.name, name,
                   suggestion(name, names_of(peripheral.registers))),
       fmt::format("name one of the registers of {}", peripheral.name));
}

}  // namespace

BitRange parse_bits(const Node& where, const std::string& path, std::string_view text,
                    const PeripheralModel& peripheral) {
  const std::size_t dot = text.find('.');
  BitRange bits;
  bits.reg = &find_in(where, path, text.substr(0, dot), peripheral);
  if (dot == std::string_view::npos) fail(where, path, fmt::format("'{}' names no bits", text), kBitsForm);
  const std::string_view range = text.substr(dot + 1);
  const std::size_t colon = range.find(':');
  const auto high = number(range.substr(0, colon));
  const auto low = colon == std::string_view::npos ? high : number(range.substr(colon + 1));
  if (!high || !low || *high > 31 || *low > *high) {
    fail(where, path, fmt::format("'{}' is no range of bits", range), kBitsForm);
  }
  bits.shift = *low;
  bits.width = *high - *low + 1;
  return bits;
}

FollowRule parse_rule(const Node& where, const std::string& path, const PeripheralModel& peripheral) {
  const std::string& text = text_of(where, path);
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) fail(where, path, fmt::format("'{}' has no '='", text), kRuleForm);
  const std::string_view view = text;
  const BitRange target = parse_bits(where, path, trim(view.substr(0, equals)), peripheral);
  const std::string_view right = trim(view.substr(equals + 1));
  FollowRule rule;
  rule.target_offset = target.reg->offset;
  rule.target_shift = target.shift;
  rule.width = target.width;
  if (const auto constant = number(right)) {
    if (target.width < 32 && *constant >> target.width != 0) {
      fail(where, path, fmt::format("{} does not fit in {} bits", *constant, target.width), kRuleForm);
    }
    rule.constant = *constant;
    return rule;
  }
  const BitRange source = parse_bits(where, path, right, peripheral);
  if (source.width != target.width) {
    fail(where, path, fmt::format("{} bits follow {} bits", target.width, source.width), kRuleForm);
  }
  rule.source_offset = source.reg->offset;
  rule.source_shift = source.shift;
  return rule;
}

RegisterPlace find_register(const Node& where, const std::string& path, std::string_view text,
                            const McuModel& mcu) {
  const std::size_t dot = text.find('.');
  const std::string_view peripheral_name = text.substr(0, dot);
  const PeripheralModel* peripheral = mcu.find_peripheral(std::string(peripheral_name));
  if (!peripheral) {
    fail(where, path,
         fmt::format("{} has no peripheral '{}'{}", mcu.name, peripheral_name,
                     suggestion(peripheral_name, names_of(mcu.peripherals))),
         "name a register as RCC.CR");
  }
  const std::string_view rest = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  return {peripheral, &find_in(where, path, rest, *peripheral)};
}

namespace {

RegisterBits find_bits_of(const Node& where, const std::string& path, std::string_view text,
                          const McuModel& mcu) {
  const std::size_t dot = text.find('.');
  const std::string_view rest = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  const RegisterPlace place = find_register(where, path, text.substr(0, text.find('.', dot + 1)), mcu);
  const BitRange bits = parse_bits(where, path, rest, *place.peripheral);
  return {place.peripheral->base + bits.reg->offset, bits.shift, bits.width};
}

}  // namespace

RegisterBits find_bits(const Node& where, const std::string& path, const McuModel& mcu) {
  return find_bits_of(where, path, text_of(where, path), mcu);
}

RegisterCondition find_condition(const Node& where, const std::string& path, const McuModel& mcu) {
  const std::string_view text = text_of(where, path);
  const std::size_t equals = text.find('=');
  const auto value = equals == std::string_view::npos ? std::nullopt : number(trim(text.substr(equals + 1)));
  if (!value) fail(where, path, fmt::format("'{}' compares with no number", text), kConditionForm);
  const RegisterBits bits = find_bits_of(where, path, trim(text.substr(0, equals)), mcu);
  if (bits.width < 32 && *value >> bits.width != 0)
    fail(where, path, fmt::format("{} does not fit in {} bits", *value, bits.width), kConditionForm);
  return {bits, *value};
}

}  // namespace mcusim::mcu_models
