#pragma once

#include <string>
#include <string_view>

namespace mcusim::codegen::vle {

/// PowerPC Book E assembly, as clang prints it for an e500 core, to VLE assembly for GNU as (-mvle -mspe
/// -mregnames). docs/vle.md describes the rules. All files of a program must go through it: it renumbers the
/// condition register's fields. Throws InputError "name:line: ..." for an instruction it does not know.
std::string convert(std::string_view assembly, std::string_view name);

}  // namespace mcusim::codegen::vle
