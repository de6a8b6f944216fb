#include "message_text.h"

#include <google/protobuf/text_format.h>
#include <zlib.h>

#include <stdexcept>

#include "perfetto.pb.h"
#include "pprof.pb.h"

namespace mcusim::profiler {
namespace {

std::string decompressed(const std::string& bytes) {
  z_stream stream{};
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflateInit2(&stream, 16 + MAX_WBITS);
  const int status = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("not a whole file of gzip");
  out.resize(stream.total_out);
  return out;
}

template <typename Message>
std::string text_of(const std::string& bytes) {
  Message message;
  std::string text;
  if (!message.ParseFromString(bytes) || !google::protobuf::TextFormat::PrintToString(message, &text))
    throw std::runtime_error("not the message");
  return text;
}

}  // namespace

std::string text_of_pprof(const std::string& compressed) {
  return text_of<pprof::Profile>(decompressed(compressed));
}
std::string text_of_perfetto(const std::string& bytes) { return text_of<perfetto::Trace>(bytes); }

}  // namespace mcusim::profiler
