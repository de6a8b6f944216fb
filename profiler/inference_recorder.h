#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/attribution.h"
#include "profiler/network_inputs.h"
#include "profiler/profile.h"
#include "profiler/reading.h"

namespace mcusim::profiler {

/// Follows the entries and returns of the run function and the layer functions of a network note by probes,
/// gives the network its inputs and takes its outputs.
class InferenceRecorder {
 public:
  /// All must outlive it; `attribution` may be null. Throws InputError when the note names symbols that the
  /// image does not have.
  InferenceRecorder(emulator::Machine& machine, const emulator::Image& image, const NetworkInputs& inputs,
                    Attribution* attribution, Profile& profile);

  void at_probe(Address pc);
  /// Fills Profile::recorded from the next inference on, up to kMostRecorded bytes of tensors.
  void record_io() { records_io_ = true; }
  static constexpr Bytes kMostRecorded = 1 << 20;
  /// For a profile of a run that goes on: which layer executes, and while no inference has ended, what its
  /// layers took so far.
  void show_unfinished();
  /// Hears which layer's function executes from now on: its index, or none.
  void set_layer_listener(std::function<void(std::optional<std::size_t>)> listener) {
    layer_listener_ = std::move(listener);
  }
  /// Of the last inference that was begun.
  const std::vector<std::string>& hazards() const { return hazards_; }

 private:
  static constexpr int kRun = -1;

  struct OpenCall {
    int what = kRun;  ///< Layer index or kRun.
    Address return_address = 0;
    std::uint32_t stack = 0;
    Reading start;
  };

  void add_probe(Address address);
  void remove_probe(Address address);
  void enter(int what, const emulator::Registers& registers);
  void leave();
  /// From the order of files to that of the machine, or back.
  void order(std::vector<std::uint8_t>& bytes, std::size_t width) const;
  void tell_layer() const;
  void store(Address address, const std::vector<std::uint8_t>& bytes, const std::string& what);
  void provide_inputs();
  /// `kind`: "input" or "output".
  std::vector<NpyArray> read_tensors(const std::vector<NoteTensor>& tensors, const std::vector<Address>& at,
                                     const char* kind) const;
  void record_inputs();
  void record_outputs(const std::vector<NpyArray>& outputs);
  void collect_outputs();

  emulator::Machine& machine_;
  const emulator::Image& image_;
  const NetworkNote& note_;
  const NetworkInputs& inputs_;
  Attribution* attribution_;  ///< Null: not asked for.
  Profile& profile_;
  Address run_ = 0;
  std::map<Address, std::size_t> layer_at_;
  std::map<Address, int> probes_;
  std::vector<Address> input_addresses_;
  std::vector<Address> output_addresses_;
  std::optional<Address> count_address_;
  std::vector<std::string> hazards_;
  std::function<void(std::optional<std::size_t>)> layer_listener_;
  std::vector<OpenCall> open_;
  std::vector<LayerProfile> current_;
  std::vector<ActivationProfile> activations_;
  bool records_io_ = false;
  RecordedInference recording_;
  Bytes recorded_bytes_ = 0;
};

}  // namespace mcusim::profiler
