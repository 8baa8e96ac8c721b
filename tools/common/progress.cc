#include "common/progress.h"

#include <unistd.h>

#include <fmt/core.h>
#include <cstdio>

#include "base/text.h"
#include "common/terminal.h"

namespace diag::tools {

namespace {

constexpr std::size_t longest_name = 40;
constexpr auto patience = std::chrono::seconds(2);
constexpr auto pace = std::chrono::milliseconds(200);

}  // namespace

Progress::Progress(Diagnosis& run) : run_(run), next_(Clock::now() + patience) {
  if (!is_terminal(STDERR_FILENO)) return;
  run.on_progress([](void* self, std::uint64_t bytes) { static_cast<Progress*>(self)->show(bytes); }, this);
}

Progress::~Progress() {
  run_.on_progress(nullptr, nullptr);
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::uint64_t bytes) {
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + pace;
  shown_ = true;
  const std::string name = printable(name_, true);
  const std::string tail = name.size() > longest_name ? "..." + name.substr(name.size() - longest_name) : name;
  std::fputs(fmt::format("\r\033[Kreading {} ({} MB)", tail, bytes / 1'000'000).c_str(), stderr);
}

}  // namespace diag::tools
