#include "iptcheck/host_reader.h"

#include <dirent.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "diag/source.h"
#include "iptcheck/save_command.h"

namespace diag::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_files = 10'000;  // of one folder

// Where the files that matter lie. Later ones win over earlier ones, as sysctl applies them.
constexpr const char* folders[] = {"usr/lib/sysctl.d",
                                   "lib/sysctl.d",
                                   "run/sysctl.d",
                                   "etc/sysctl.d",
                                   "etc",
                                   "etc/sysconfig",
                                   "etc/sysconfig/network-scripts",
                                   "etc/firewalld",
                                   "etc/firewalld/zones",
                                   "proc/sys/net/bridge"};

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end && names.size() < most_files;
       at.increment(error))
    names.push_back(at->path().filename().string());
  std::ranges::sort(names);
  return names;
}

// A link inside a collected tree must not lead out of it, to this machine's own files.
bool stays_below(const fs::path& file, const fs::path& root) {
  std::error_code error;
  const auto real = fs::canonical(file, error);
  if (error || !fs::is_regular_file(real, error)) return false;
  const auto top = fs::canonical(root, error);
  return !error && std::mismatch(top.begin(), top.end(), real.begin(), real.end()).first == top.end();
}

// The tree itself, or its only folder that has sos_commands in it: people unpack a sosreport somewhere and name that
// place.
fs::path tree_of(const fs::path& root) {
  std::error_code error;
  if (fs::exists(root / "sos_commands", error) || fs::exists(root / "etc", error)) return root;
  const auto names = names_in(root);
  for (const auto& name : names)
    if (fs::exists(root / name / "sos_commands", error)) return root / name;
  return root;
}

bool looks_like_rules(const ConfigText& text) {
  return std::ranges::any_of(text.lines(), [](const ConfigLine& l) {
    return l.text.starts_with("-A ") || l.text.starts_with("*filter") || l.text.starts_with(":INPUT") ||
           l.text.starts_with(":FORWARD");
  });
}

bool is_filter(ConfigFormat::Kind kind) {
  return kind == ConfigFormat::Kind::iptables_rules || kind == ConfigFormat::Kind::iptables_listing;
}

}  // namespace

InputFacts& HostReader::add_input(const std::string& name) {
  InputFacts facts;
  facts.id = sources_.add(name);
  facts.name = name;
  return inputs_.emplace_back(std::move(facts));
}

void HostReader::fail(const std::string& name, Error error) { add_input(name).error = std::move(error); }

void HostReader::take(Source& source, const std::string& name, bool named) {
  auto format = recognise(name, source.peek());
  const bool empty = source.peek().empty();
  InputFacts& facts = add_input(name);
  const auto text = ConfigText::read(source, facts.id, name);
  facts.bytes = source.bytes();
  facts.lines = source.lines();
  facts.skipped = source.skipped();
  facts.error = source.error();
  if (!format && named && looks_like_rules(*text)) format = ConfigFormat{ConfigFormat::Kind::iptables_rules};
  if (!format) {
    if (named && !empty && !facts.error)
      facts.error =
          Error{Error::Code::malformed, "holds neither packet filter rules nor anything else that is known here", name};
    return;
  }
  if (named && ipv6_ && is_filter(format->kind)) format->family = Family::ipv6;
  host_.read(*format, text);
}

void HostReader::take_text(const std::string& name, const std::string& text) {
  SourceTable scratch;
  const auto input = open_memory(name, text, scratch);
  if (auto* source = input->next()) take(*source, name, false);
}

void HostReader::read_file(const std::string& path) {
  SourceTable scratch;
  const auto input = open_input(path, scratch);
  if (!input) return fail(path, input.error());
  const std::size_t before = inputs_.size();
  while (auto* source = (*input)->next()) take(*source, source->name(), true);
  if ((*input)->error() && !inputs_.empty()) inputs_.back().error = (*input)->error();
  if (inputs_.size() == before) add_input(path);  // an empty file
}

void HostReader::read_root(const std::string& path) {
  std::error_code error;
  const std::size_t before = inputs_.size();
  if (fs::is_directory(path, error))
    read_folder(tree_of(path).string());
  else
    read_archive(path);
  if (inputs_.size() == before)
    fail(path, {Error::Code::not_found, "nothing of a packet filter was found in it", path});
}

void HostReader::read_folder(const std::string& root) {
  std::vector<std::string> all(std::begin(folders), std::end(folders));
  for (const auto& name : names_in(fs::path(root) / "sos_commands")) all.push_back("sos_commands/" + name);
  for (const auto& folder : all) {
    for (const auto& name : names_in(fs::path(root) / folder)) {
      const auto path = fs::path(root) / folder / name;
      if (!FirewallHost::concerned_with(folder + "/" + name) || !stays_below(path, root)) continue;
      SourceTable scratch;
      const auto input = open_input(path.string(), scratch);
      if (!input) {
        fail(path.string(), input.error());
        continue;
      }
      while (auto* source = (*input)->next()) take(*source, path.string(), false);
    }
  }
  read_bridges(root);
}

void HostReader::read_archive(const std::string& path) {
  SourceTable scratch;
  const auto input = open_input(path, scratch);
  if (!input) return fail(path, input.error());
  while (auto* source = (*input)->next())
    if (FirewallHost::concerned_with(source->name())) take(*source, source->name(), false);
  if ((*input)->error()) fail(path, *(*input)->error());
}

// /sys/class/net/NAME/bridge is there for every bridge, /sys/class/net/NAME/brif names its ports.
void HostReader::read_bridges(const std::string& root) {
  const auto net = fs::path(root) / "sys/class/net";
  std::error_code error;
  const auto names = names_in(net);
  if (names.empty()) return;
  for (const auto& name : names)
    if (fs::is_directory(net / name / "bridge", error))
      host_.add_bridge({name, names_in(net / name / "brif"), true, {}});
  host_.all_bridges_known();
}

void HostReader::read_live() {
  utsname self{};
  if (uname(&self) == 0)
    take_text("uname -a", std::string("Linux ") + self.nodename + " " + self.release + " #1 " + self.machine + "\n");
  run_save("iptables-save");
  run_save("ip6tables-save");
  read_folder("/");
}

void HostReader::run_save(const std::string& program) {
  auto output = run_program(program);
  if (!output) return fail(program, output.error());
  if (!output->empty()) take_text(program, *output);
}

}  // namespace diag::tools
