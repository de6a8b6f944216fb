#include "emulator/gdb/server.h"

#include <fmt/format.h>

#include "common/error.h"

namespace mcusim::emulator::gdb {
namespace {

// Signals by their numbers in GDB's protocol.
constexpr const char* kInterrupted = "S02";
constexpr const char* kTrap = "S05";
constexpr const char* kSegmentationFault = "S0b";
constexpr const char* kEndedByFault = "X0b";
constexpr const char* kCpuLimit = "X18";

const char* watch_word(Watchpoint::Kind kind) {
  switch (kind) {
    case Watchpoint::Kind::write:
      return "watch";
    case Watchpoint::Kind::read:
      return "rwatch";
    case Watchpoint::Kind::access:
      return "awatch";
  }
  return "";
}

}  // namespace

DebugAccess& Server::debug_access(Machine& machine) {
  DebugAccess* const core = machine.engine().debug();
  if (core == nullptr) throw InputError("--gdb: this engine cannot be debugged; use --engine native");
  return *core;
}

Server::Server(std::uint16_t port, Machine& machine, const mcu_models::McuModel& mcu)
    : machine_(machine), core_(debug_access(machine)), connection_(port), stub_(machine, mcu) {}

void Server::wait_for_client() {
  connection_.accept();
  core_.attach(true);
}

void Server::halt(std::string report) {
  mode_ = Mode::halted;
  stub_.set_last_stop(report);
  report_ = std::move(report);
  report_due_ = true;
}

void Server::obey(const Stub::Answer& answer) {
  const bool silent = answer.action == Stub::Action::resume || answer.action == Stub::Action::step ||
                      (answer.action == Stub::Action::kill && answer.text.empty());
  if (!silent) {
    last_frame_ = frame(answer.text);
    connection_.send(last_frame_);
  }
  switch (answer.action) {
    case Stub::Action::reply:
      return;
    case Stub::Action::no_acknowledge:
      acknowledges_ = false;
      return;
    case Stub::Action::kill:
      mode_ = Mode::killed;
      return;
    case Stub::Action::detach:
      stub_.forget_points();
      core_.attach(false);
      connection_.close();
      mode_ = Mode::detached;
      return;
    case Stub::Action::resume:
    case Stub::Action::step:
      mode_ = answer.action == Stub::Action::step ? Mode::stepping : Mode::running;
      return;
  }
}

// Until GDB lets the machine go on.
void Server::converse() {
  if (report_due_) {
    last_frame_ = frame(report_);
    connection_.send(last_frame_);
    report_due_ = false;
  }
  const Address stopped_at = machine_.engine().registers().r[15];
  while (mode_ == Mode::halted) {
    const std::string_view bytes = connection_.receive(true);
    if (bytes.empty()) {
      mode_ = Mode::killed;
      return;
    }
    for (const char byte : bytes) {
      switch (reader_.add(byte)) {
        case PacketReader::Event::packet:
          if (acknowledges_) connection_.send("+");
          // What follows a resume belongs to the running machine; GDB sends nothing there but Ctrl-C.
          if (mode_ == Mode::halted) obey(stub_.handle(reader_.payload()));
          break;
        case PacketReader::Event::damaged:
          if (acknowledges_) connection_.send("-");
          break;
        case PacketReader::Event::resend:
          if (acknowledges_) connection_.send(last_frame_);
          break;
        case PacketReader::Event::interrupt:
        case PacketReader::Event::nothing:
          break;
      }
    }
  }
  if (at_bkpt_ && machine_.engine().registers().r[15] == stopped_at) {
    Registers registers = machine_.engine().registers();
    registers.r[15] += 2;
    machine_.engine().set_registers(registers);
  }
  at_bkpt_ = false;
}

bool Server::interrupted() {
  bool interrupt = false;
  for (const char byte : connection_.receive(false)) {
    interrupt = reader_.add(byte) == PacketReader::Event::interrupt || interrupt;
  }
  if (!connection_.open()) mode_ = Mode::killed;
  return interrupt;
}

Stop Server::execute(const RunLimits& limits) {
  if (mode_ == Mode::stepping) return machine_.step();
  return machine_.run(limits);
}

bool Server::take(const Stop& stop) {
  switch (stop.reason) {
    case StopReason::probe:
      if (mode_ == Mode::running && stub_.has_breakpoint(stop.pc)) halt(kTrap);
      return false;
    case StopReason::step:
      halt(kTrap);
      return true;
    case StopReason::watchpoint: {
      const WatchHit hit = core_.watch_hit();
      halt(fmt::format("T05{}:{:x};", watch_word(hit.kind), hit.address));
      return true;
    }
    case StopReason::breakpoint:
      at_bkpt_ = true;
      halt(kTrap);
      return true;
    case StopReason::fault:
      if (fault_reported_) return false;
      fault_reported_ = true;
      halt(kSegmentationFault);
      return true;
    default:
      return false;
  }
}

Stop Server::run(const RunLimits& limits) {
  while (mode_ != Mode::detached) {
    if (mode_ == Mode::halted) converse();
    if (mode_ == Mode::running && interrupted()) {
      halt(kInterrupted);
      continue;
    }
    if (mode_ == Mode::killed) {
      return {StopReason::killed, machine_.engine().registers().r[15], 0, {}};
    }
    if (mode_ == Mode::detached) break;
    Stop stop = execute(limits);
    if (!take(stop)) return stop;
  }
  return machine_.run(limits);
}

void Server::finish(const Stop& stop) {
  if (!connection_.open()) return;
  if (stop.reason != StopReason::killed) {
    std::string report = fmt::format("W{:02x}", static_cast<unsigned>(stop.exit_code) & 0xff);
    if (stop.reason == StopReason::fault) report = kEndedByFault;
    if (stop.reason == StopReason::cycle_limit) report = kCpuLimit;
    connection_.send(frame(report));
  }
  connection_.close();
}

}  // namespace mcusim::emulator::gdb
