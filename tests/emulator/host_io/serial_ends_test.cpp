#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/error.h"
#include "common/files.h"
#include "emulator/host_io/descriptor.h"
#include "emulator/host_io/file_end.h"
#include "emulator/host_io/prompted_end.h"
#include "emulator/host_io/pty_end.h"
#include "emulator/host_io/serial_end.h"
#include "emulator/host_io/stdio_end.h"
#include "emulator/host_io/tcp_end.h"
#include "text_end.h"

namespace mcusim::emulator::host_io {
namespace {

/// Long enough for a busy machine; what is waited for comes at once.
constexpr int kPatience = 20'000;

/// Asks the end until it has `count` bytes; the sockets of one machine need a moment.
std::string receive(SerialEnd& end, std::size_t count) {
  std::string text;
  for (int round = 0; round < kPatience && text.size() < count; ++round) {
    if (const auto byte = end.read()) {
      text += static_cast<char>(*byte);
    } else {
      ::usleep(1000);
    }
  }
  return text;
}

std::string read_all(int descriptor, std::size_t count) {
  std::string text;
  while (text.size() < count) {
    pollfd request{descriptor, POLLIN, 0};
    if (::poll(&request, 1, kPatience) <= 0) break;
    char chunk[4096];
    const ssize_t got = ::read(descriptor, chunk, sizeof(chunk));
    if (got <= 0) break;
    text.append(chunk, static_cast<std::size_t>(got));
  }
  return text;
}

int connect_to(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return client;
  ::close(client);
  return -1;
}

void send_all(int descriptor, std::string_view text) {
  ASSERT_EQ(::write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

std::string all_bytes() {
  std::string text;
  for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
  return text;
}

bool wait_for_end(SerialEnd& end) {
  for (int round = 0; round < kPatience && !end.at_end(); ++round) {
    EXPECT_FALSE(end.read().has_value());
    ::usleep(1000);
  }
  return end.at_end();
}

TEST(PtyEnd, CarriesEveryByteValueBothWays) {
  PtyEnd end;
  EXPECT_FALSE(end.read().has_value());
  end.write("before anyone is attached");
  const Descriptor terminal(::open(end.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal.valid()) << end.path();
  EXPECT_EQ(read_all(terminal.get(), 25), "before anyone is attached");
  send_all(terminal.get(), all_bytes());
  EXPECT_EQ(receive(end, 256), all_bytes());
  end.write(all_bytes());
  EXPECT_EQ(read_all(terminal.get(), 256), all_bytes());
}

TEST(PtyEnd, SurvivesThatATerminalDetachesAndOutputThatNobodyTakes) {
  PtyEnd end;
  { const Descriptor terminal(::open(end.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)); }
  EXPECT_FALSE(end.read().has_value());
  EXPECT_FALSE(end.at_end());
  for (int i = 0; i < 3000; ++i) end.write(std::string(1000, 'x'));
  end.finish();
  const Descriptor terminal(::open(end.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  send_all(terminal.get(), "again");
  EXPECT_EQ(receive(end, 5), "again");
}

TEST(TcpEnd, CarriesBytesBothWaysAndKeepsWhatCameBeforeTheClient) {
  TcpEnd end(0);
  ASSERT_NE(end.port(), 0);
  end.write("boot\n");
  EXPECT_FALSE(end.at_end()) << "a client may come";
  const Descriptor client(connect_to(end.port()));
  ASSERT_TRUE(client.valid());
  send_all(client.get(), all_bytes());
  EXPECT_EQ(receive(end, 256), all_bytes());
  end.write("answer");
  EXPECT_EQ(read_all(client.get(), 11), "boot\nanswer");
}

TEST(TcpEnd, AClientThatHangsUpIsTheEndUntilTheNextOne) {
  TcpEnd end(0);
  Descriptor first(connect_to(end.port()));
  send_all(first.get(), "a");
  EXPECT_EQ(receive(end, 1), "a");
  first.reset();
  EXPECT_TRUE(wait_for_end(end));
  // The first write after a hang-up still succeeds, the next ones meet a closed socket: no SIGPIPE.
  for (int i = 0; i < 100; ++i) end.write("to nobody");
  const Descriptor second(connect_to(end.port()));
  send_all(second.get(), "b");
  EXPECT_EQ(receive(end, 1), "b");
  EXPECT_FALSE(end.at_end());
}

TEST(TcpEnd, AClientThatOnlyEndsItsInputStillGetsTheAnswer) {
  TcpEnd end(0);
  const Descriptor client(connect_to(end.port()));
  send_all(client.get(), "name%");
  ::shutdown(client.get(), SHUT_WR);
  EXPECT_EQ(receive(end, 5), "name%");
  EXPECT_TRUE(wait_for_end(end));
  end.write("m-ready");
  EXPECT_EQ(read_all(client.get(), 7), "m-ready");
}

TEST(TcpEnd, AClientThatReadsNothingCostsBoundedMemoryAndTime) {
  TcpEnd end(0);
  const Descriptor client(connect_to(end.port()));
  send_all(client.get(), "x");
  EXPECT_EQ(receive(end, 1), "x");
  const std::string text(100'000, 'y');
  for (int i = 0; i < 200; ++i) end.write(text);
  end.finish();
  // What was kept is the beginning, in order.
  const std::string got = read_all(client.get(), OutputBuffer::kLongest);
  EXPECT_GE(got.size(), OutputBuffer::kLongest / 2);
  EXPECT_EQ(got.find_first_not_of('y'), std::string::npos);
}

TEST(TcpEnd, ListensOnLoopbackOnlyAndSaysWhenThePortIsTaken) {
  const TcpEnd end(0);
  // 127.0.0.2 is this machine too: a server on all addresses would answer.
  const Descriptor elsewhere(connect_to(end.port(), INADDR_LOOPBACK + 1));
  EXPECT_FALSE(elsewhere.valid());
  try {
    const TcpEnd second(end.port());
    FAIL() << "two servers on one port";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("cannot listen"), std::string::npos) << error.what();
  }
}

TEST(OpenSerialEnd, TellsTheOtherSideOnceHowToConnect) {
  std::vector<std::string> notices;
  const auto notice = [&](std::string_view text) { notices.emplace_back(text); };
  const auto pty = open_serial_end({"USART3", UartOption::Kind::pty, 0, ""}, notice);
  const auto tcp = open_serial_end({"USART1", UartOption::Kind::tcp, 0, ""}, notice);
  const auto stdio = open_serial_end({"USART2", UartOption::Kind::stdio, 0, ""}, notice);
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_TRUE(notices[0].starts_with("USART3 is /dev/pts/")) << notices[0];
  EXPECT_TRUE(notices[1].starts_with("USART1 listens on 127.0.0.1 port ")) << notices[1];
}

TEST(FileEnd, TheFileAppearsWhenItIsComplete) {
  const TemporaryDirectory folder;
  const std::string path = (folder.path() / "uart.txt").string();
  write_file(path, "old");
  {
    FileEnd end(path);
    EXPECT_TRUE(end.at_end());
    end.write("new ");
    end.write("text");
    EXPECT_EQ(read_file(path).size(), 3u) << "the old file stands while the run goes on";
    end.finish();
    end.finish();
  }
  const auto content = read_file(path);
  EXPECT_EQ(std::string(content.begin(), content.end()), "new text");
  { FileEnd(path).write("lost"); }
  EXPECT_EQ(read_file(path).size(), 8u) << "a run that was broken off changes nothing";
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
      << "a part was left behind";
}

TEST(FileEnd, APlaceThatCannotBeWrittenIsNamed) {
  try {
    const FileEnd end("/nonexistent/uart.txt");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("file:/nonexistent/uart.txt: cannot be written"),
              std::string::npos)
        << error.what();
  }
}

TEST(StdioEnd, ReadsStandardInputToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Descriptor before(::dup(STDIN_FILENO));
  ASSERT_EQ(::dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  ::close(ends[0]);
  Descriptor writer(ends[1]);
  StdioEnd end;
  EXPECT_FALSE(end.read().has_value()) << "an open pipe without bytes must not block";
  EXPECT_FALSE(end.at_end());
  send_all(writer.get(), "ab");
  writer.reset();
  EXPECT_EQ(receive(end, 2), "ab");
  EXPECT_TRUE(wait_for_end(end));
  ::dup2(before.get(), STDIN_FILENO);
}

TEST(PromptedEnd, HoldsTheHostBackUntilThePromptHasComeEvenInPieces) {
  auto host = std::make_unique<TextEnd>("ab");
  const TextEnd& other_side = *host;
  PromptedEnd end(std::move(host), "ready");
  EXPECT_EQ(end.read(), std::nullopt);
  end.write("re-read");
  EXPECT_EQ(end.read(), std::nullopt);
  EXPECT_FALSE(end.at_end()) << "two bytes are still to come";
  end.write("y\n");
  EXPECT_EQ(end.read(), 'a');
  end.write("more");
  EXPECT_EQ(end.read(), 'b');
  EXPECT_TRUE(end.at_end());
  EXPECT_EQ(other_side.written, "re-ready\nmore");
}

}  // namespace
}  // namespace mcusim::emulator::host_io
