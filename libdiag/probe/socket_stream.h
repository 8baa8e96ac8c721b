// TCP and unix sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "probe/stream.h"

namespace diag {

// Where a server is asked.
struct Target {
  std::string host;  // name or address; empty: `socket`
  std::uint16_t port = 3306;
  std::string socket;  // path of a unix socket
  std::string local;   // the address to connect from; empty: the system chooses

  // "db1:3306", "[::1]:3306", "/var/lib/mysql/mysql.sock"
  std::string name() const;
  bool is_socket() const { return !socket.empty(); }
};

// "db1", "db1:3307", "192.0.2.7", "::1", "[::1]:3307". Fails on an empty host and on a port that is none.
Result<Target> parse_target(std::string_view text);

// Every failure is one sentence for a person that names the likely cause.
Result<std::unique_ptr<Stream>> connect_to(const Target& target, const Deadline& deadline);

// Whether the peer of that target is this very host, so that nobody else hears what is said: a unix socket, or an
// address of the loopback network. A name does not count, whatever it resolves to, but for "localhost".
bool is_this_host(const Target& target);

}  // namespace diag
