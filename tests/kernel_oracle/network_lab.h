// A host with two bridges and a plain interface, its guests and its outside, in network namespaces of this process
// alone: nothing of it is seen outside, and nothing is left when the process ends, however it ends.
//
//   guest 10.0.0.2 -- p0 \                          / p2 -- guest 10.0.1.2
//                          br0 10.0.0.1   br1 10.0.1.1
//   guest 10.0.0.3 -- p1 /                e0 10.0.2.1 ------ outside 10.0.2.2
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace diag::oracle {

enum class Flow { guest_to_guest, guest_to_host, outside_to_guest, guest_to_outside, bridge_to_bridge, host_to_guest };
constexpr Flow all_flows[] = {Flow::guest_to_guest,   Flow::guest_to_host,    Flow::outside_to_guest,
                              Flow::guest_to_outside, Flow::bridge_to_bridge, Flow::host_to_guest};
const char* to_string(Flow flow);

struct CommandResult {
  int status = -1;
  std::string output;  // standard output
  std::string errors;
};
// Runs a program with `input` on its standard input, in the namespace of the host.
CommandResult run(const std::vector<std::string>& command, const std::string& input = {});

class NetworkLab {
 public:
  // Why it cannot be built here: no root, no bridge netfilter, no iptables ...; empty: it can.
  static std::string missing(const std::string& backend);
  // Null, with `error`, if something fails all the same.
  static std::unique_ptr<NetworkLab> build(std::string& error);
  ~NetworkLab();

  // Sends a UDP, a TCP and an ICMP packet that way, and waits until they have passed.
  void send(Flow flow);

 private:
  struct Senders;
  std::unique_ptr<Senders> senders_;
};

}  // namespace diag::oracle
