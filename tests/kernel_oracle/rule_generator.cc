#include "kernel_oracle/rule_generator.h"

#include <random>
#include <string_view>
#include <vector>

namespace diag::oracle {

namespace {

class Generator {
 public:
  Generator(std::uint32_t seed, const GeneratorOptions& options) : random_(seed), options_(options) {}

  std::string make() {
    users_ = below(5);
    // OUTPUT leads to no chain in half of the sets, so that the others may use the outgoing bridge port.
    output_calls_ = chance(50);
    for (const auto* hook : {"INPUT", "FORWARD", "OUTPUT"}) add_chain(hook, -1);
    for (int i = 0; i < users_; ++i) add_chain("c" + std::to_string(i), i);
    std::string text = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";
    for (int i = 0; i < users_; ++i) text += ":c" + std::to_string(i) + " - [0:0]\n";
    return text + rules_ + "COMMIT\n";
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T, std::size_t N>
  T one_of(const T (&items)[N]) {
    return items[static_cast<std::size_t>(below(static_cast<int>(N)))];
  }

  void add_chain(const std::string& name, int user) {
    const int most = user < 0 ? 7 : 5;
    for (int rules = 1 + below(most); rules > 0; --rules) rules_ += "-A " + name + rule(name, user) + "\n";
  }

  std::string rule(const std::string& chain, int user) {
    std::string text;
    bool udp = false, tcp = false;
    if (chance(40) && chain != "OUTPUT") text += interface(" -i ");
    if (chance(40) && chain != "INPUT") text += interface(" -o ");
    if (chance(35)) text += protocol(udp, tcp);
    if (chance(15))
      text += std::string(chance(30) ? " !" : "") +
              one_of({" -s 10.0.0.2/32", " -s 10.0.0.0/24", " -d 10.0.0.0/16", " -d 10.0.1.0/24"});
    if (chance(30)) text += physdev(chain, user);
    if ((udp || tcp) && chance(40))
      text += std::string(udp ? " -m udp" : " -m tcp") + " --dport " + one_of({"5000", "5001", "5000:6000"});
    if (chance(10)) text += " -m state --state " + std::string(one_of({"NEW", "RELATED,ESTABLISHED"}));
    if (chance(10)) text += " -m comment --comment \"-j REJECT, says a comment\"";
    return text + target(chain, user, tcp);
  }

  std::string interface(const char* option) {
    return (chance(25) ? " !" : "") + std::string(option) + one_of({"br0", "br0", "br1", "e0", "br+", "e+", "+", "lo"});
  }

  std::string protocol(bool& udp, bool& tcp) {
    const bool negated = chance(20);
    const std::string name = one_of({"udp", "tcp", "icmp"});
    udp = !negated && name == "udp";
    tcp = !negated && name == "tcp";
    return (negated ? " ! -p " : " -p ") + name;
  }

  // What the kernel takes: no outgoing port in a chain that OUTPUT leads to, unless the packet must be bridged.
  std::string physdev(const std::string& chain, int user) {
    const bool from_output = chain == "OUTPUT" || (user >= 0 && output_calls_);
    std::string text = " -m physdev";
    const bool bridged = chance(45);
    const bool negated = bridged && chance(30);
    if (bridged) text += std::string(negated ? " !" : "") + " --physdev-is-bridged";
    if (!bridged || chance(30))
      text +=
          std::string(chance(30) ? " !" : "") + one_of({" --physdev-in p0", " --physdev-in p+", " --physdev-is-in"});
    if (chance(30) && (!from_output || (bridged && !negated)))
      text +=
          std::string(chance(30) ? " !" : "") + one_of({" --physdev-out p1", " --physdev-out p+", " --physdev-is-out"});
    return text;
  }

  std::string target(const std::string& chain, int user, bool tcp) {
    const int kind = below(100);
    if (kind < 34) return reject(tcp);
    if (kind < 50) return " -j ACCEPT";
    if (kind < 58) return " -j DROP";
    if (kind < 66) return " -j RETURN";
    if (kind < 72) return "";
    const int first = user + 1;
    if (first >= users_ || (chain == "OUTPUT" && !output_calls_)) return reject(tcp);
    return (kind < 90 ? " -j c" : " -g c") + std::to_string(first + below(users_ - first));
  }

  std::string reject(bool tcp) {
    if (tcp && !options_.only_common_rejects && chance(40)) return " -j REJECT --reject-with tcp-reset";
    return std::string(" -j REJECT") +
           one_of({"", " --reject-with icmp-port-unreachable", " --reject-with icmp-host-prohibited",
                   " --reject-with icmp-admin-prohibited"});
  }

  std::mt19937 random_;
  GeneratorOptions options_;
  int users_ = 0;
  bool output_calls_ = false;
  std::string rules_;
};

}  // namespace

std::string random_rules(std::uint32_t seed, const GeneratorOptions& options) {
  return Generator(seed, options).make();
}

}  // namespace diag::oracle
