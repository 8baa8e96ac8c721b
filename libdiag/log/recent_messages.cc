#include "log/recent_messages.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace diag::transport {
namespace {

constexpr std::size_t longest_text = 4 * 1024;  // that is kept
constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t tries = 4;
constexpr std::size_t most_hosts = 10'000;
constexpr std::size_t most_slots = 4'096;

}  // namespace

std::size_t RecentMessages::slot(std::string_view host) const {
  std::uint64_t front = 0, back = 0;
  const auto size = std::min<std::size_t>(host.size(), 8);
  if (size != 0) {
    std::memcpy(&front, host.data(), size);
    std::memcpy(&back, host.data() + host.size() - size, size);
  }
  const std::uint64_t hash = (front ^ std::rotl(back, 23) ^ host.size()) * 0x9e3779b97f4a7c15;
  return static_cast<std::size_t>(hash >> 52) & (slots_.size() - 1);
}

std::size_t RecentMessages::find(std::string_view host) const {
  const auto first = slot(host);
  for (std::size_t i = 0; i < tries; ++i) {
    const auto at = (first + i) & (slots_.size() - 1);
    if (slots_[at].host == host) return at;
  }
  return npos;
}

Message& RecentMessages::place(std::string_view host) {
  const auto first = slot(host);
  for (std::size_t i = 0; i < tries; ++i) {
    auto& message = slots_[(first + i) & (slots_.size() - 1)];
    if (message.host.empty()) return message;
  }
  return slots_[first];
}

void RecentMessages::grow() {
  std::vector<Message> old(slots_.size() * 4);
  old.swap(slots_);
  for (auto& message : old) {
    if (!message.host.empty()) place(message.host) = std::move(message);
  }
}

void RecentMessages::enter(std::string_view host) {
  if (host.empty() || hosts_.size() >= most_hosts) return;
  if (!seen_.emplace(host).second) return;
  hosts_.emplace_back(host);
  if (hosts_.size() * 4 > slots_.size() && slots_.size() < most_slots) grow();
}

const Message& RecentMessages::of(std::string_view host) const {
  if (host.empty()) return hostless_;
  const auto at = find(host);
  return at == npos ? none_ : slots_[at];
}

Message& RecentMessages::slot_for(std::string_view host) {
  if (last_->host == host) return *last_;
  if (host.empty()) return hostless_;
  if (const auto at = find(host); at != npos) return slots_[at];
  enter(host);
  Message& message = place(host);
  message.host.assign(host);
  return message;
}

void RecentMessages::remember(const Envelope& e, std::size_t column) {
  Message* message = &slot_for(e.host);
  message->program.assign(e.program);
  message->known = e.text.size() <= longest_text;
  if (message->known) message->text.assign(e.text);
  message->pid = e.pid;
  message->level = e.level;
  message->when = e.when;
  message->column = column;
  last_ = message;
}

}  // namespace diag::transport
