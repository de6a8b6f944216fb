#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app{"Runs neural networks on emulated microcontrollers and tells what they cost"};
  CLI11_PARSE(app, argc, argv);
  return 0;
}
