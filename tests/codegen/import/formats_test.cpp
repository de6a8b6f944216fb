// The content decides what a file is; what is no TensorFlow Lite model is told what to do.

#include <gtest/gtest.h>

#include <string>

#include "codegen/import/import.h"
#include "common/error.h"
#include "common/files.h"

namespace mcusim::codegen {
namespace {

std::string message(const std::string& name, const std::string& content) {
  const TemporaryDirectory folder;
  write_file(folder.path() / name, content);
  try {
    import_model(folder.path() / name);
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "imported";
}

const std::string kHdf5 = "\x89HDF\r\n\x1a\n" + std::string(100, '\0');
const std::string kZip = "PK\x03\x04" + std::string(100, '\0');
const std::string kOnnx = std::string("\x08\x07\x12\x07pytorch", 11);

TEST(Formats, KerasFilesAreToldTheThreeLines) {
  for (const std::string& text :
       {message("a.h5", kHdf5), message("no_extension", kHdf5), message("a.keras", kZip)}) {
    for (const char* line :
         {"import tensorflow as tf", "tf.keras.models.load_model", "from_keras_model", "convert.md"}) {
      EXPECT_NE(text.find(line), std::string::npos) << text;
    }
  }
}

TEST(Formats, OnnxFilesAreToldTheConverter) {
  for (const std::string& text :
       {message("a.onnx", kOnnx), message("no_extension", kOnnx), message("b.onnx", "x")}) {
    EXPECT_NE(text.find("onnx2tf -i FILE"), std::string::npos) << text;
  }
}

TEST(Formats, OtherFilesAreNoModels) {
  for (const std::string& content :
       {std::string("a"), std::string("hello, world"), std::string(1000, '\0'), kZip,
        std::string("\x7f"
                    "ELF\1\1\1"),
        std::string("\x08\x07xx")}) {
    EXPECT_NE(message("a.tflite", content).find("not a model file"), std::string::npos) << content;
  }
}

TEST(Formats, TheIdentifierAloneIsADamagedModel) {
  EXPECT_NE(message("a.bin", std::string("\xff\0\0\0TFL3", 8) + std::string(100, '\0')).find("damaged"),
            std::string::npos);
}

TEST(Formats, MissingFilesAreNamed) {
  try {
    import_model("/nonexistent/net.tflite");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent/net.tflite: no such file"), std::string::npos);
  }
}

}  // namespace
}  // namespace mcusim::codegen
