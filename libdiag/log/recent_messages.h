// The last message of each host: what "last message repeated N times" and the further lines of a message refer to.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "log/envelope.h"

namespace diag::transport {

// A message that outlives its line.
struct Message {
  std::string host, program, text;
  std::optional<std::uint32_t> pid;
  std::optional<std::uint8_t> level;
  EventTime when;
  std::size_t column = 0;  // where the text began in its line
  bool known = false;      // there was one, and it is kept whole
};

class RecentMessages {
 public:
  RecentMessages() : slots_(64), last_(&hostless_) {}
  RecentMessages(const RecentMessages&) = delete;
  RecentMessages& operator=(const RecentMessages&) = delete;

  void remember(const Envelope& e, std::size_t column);
  // The last message of that host; `known` is false if there was none.
  const Message& of(std::string_view host) const;
  // The last message of all.
  const Message& last() const { return *last_; }
  // The hosts seen, in order of appearance; at most 10,000.
  const std::vector<std::string>& hosts() const { return hosts_; }

 private:
  std::size_t slot(std::string_view host) const;
  std::size_t find(std::string_view host) const;
  Message& place(std::string_view host);
  Message& slot_for(std::string_view host);
  void enter(std::string_view host);
  void grow();

  std::vector<Message> slots_;  // by a hash of the host; of very many hosts, some push each other out
  Message hostless_;            // of lines that state no host
  const Message none_;
  Message* last_;
  std::vector<std::string> hosts_;
  std::unordered_set<std::string> seen_;
};

}  // namespace diag::transport
