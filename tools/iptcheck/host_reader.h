// Brings together what iptcheck looks at: named files, a sosreport, the root of a host, the running host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/firewall_host.h"
#include "diag/facts.h"
#include "diag/origin.h"

namespace diag::tools {

class HostReader {
 public:
  explicit HostReader(bool ipv6) : ipv6_(ipv6) {}

  // A file that was named, or "-". What it is is told by its content; with `ipv6` rules are those of ip6tables.
  void read_file(const std::string& path);
  // A folder (an unpacked sosreport, the root of a host) or the archive of a sosreport. Only the files that matter are
  // opened.
  void read_root(const std::string& path);
  // This host: iptables-save and ip6tables-save are run, /proc, /sys and the files in /etc are read. Nothing is
  // changed.
  void read_live();

  const FirewallHost& host() const { return host_; }
  std::vector<InputFacts> take_inputs() { return std::move(inputs_); }

 private:
  InputFacts& add_input(const std::string& name);
  void fail(const std::string& name, Error error);
  void take(Source& source, const std::string& name, bool named);
  void take_text(const std::string& name, const std::string& text);
  void read_folder(const std::string& root);
  void read_archive(const std::string& path);
  void read_bridges(const std::string& root);
  void run_save(const std::string& program);

  bool ipv6_;
  SourceTable sources_;
  std::vector<InputFacts> inputs_;
  FirewallHost host_;
};

}  // namespace diag::tools
