// The first packet of a MySQL server: who it is and what it can do; or the error that stands in its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "diag/result.h"

namespace diag::mysql {

// Capability flags, as far as they matter here.
enum Capability : std::uint32_t {
  long_password = 1,
  long_flag = 4,
  connect_with_db = 8,
  protocol_41 = 0x0200,
  offers_tls = 0x0800,
  transactions = 0x2000,
  secure_connection = 0x8000,  // knows the 4.1 authentication
  multi_results = 0x00020000,
  plugin_auth = 0x00080000,
};

struct ServerError {
  std::uint16_t number = 0;
  std::string state;  // SQLSTATE; empty: none was sent
  std::string text;   // one line, safe on a terminal, at most 512 bytes; perhaps in the server's own language

  friend bool operator==(const ServerError&, const ServerError&) = default;
};

enum class Flavour { mysql, mariadb, percona };
std::string_view to_string(Flavour flavour);  // "MySQL"

struct Greeting {
  int protocol = 10;         // 9: before 3.21
  std::string version_full;  // "5.5.5-10.11.19-MariaDB-0+deb12u1"; one line, safe on a terminal, at most 80 bytes
  std::string version;       // "10.11.19"
  Flavour flavour = Flavour::mysql;
  std::uint32_t thread = 0;
  std::string salt;  // 20 bytes; 8 from servers that know only the old authentication
  std::uint32_t capabilities = 0;
  std::uint8_t charset = 0;
  std::string plugin;  // the default authentication plugin; empty: the server knows no plugins

  bool can(Capability what) const { return (capabilities & what) != 0; }
  // Knows only the pre-4.1 authentication: 4.0 and older.
  bool only_old() const { return protocol < 10 || !can(secure_connection) || !can(protocol_41); }
};

// Whether the version is at least that: at_least(greeting, 5, 7).
bool at_least(std::string_view version, unsigned major, unsigned minor, unsigned patch = 0);

std::variant<Greeting, ServerError, Error> read_greeting(std::string_view payload);

// The payload of an error packet, which begins with 0xff. Both forms: with and without SQLSTATE.
ServerError read_error(std::string_view payload);

// What speaks there, if it is not MySQL: "an SSH server (SSH-2.0-OpenSSH_5.3)", "MySQL's X Protocol ...", or only that
// it is not MySQL. `bytes`: the first that came, not empty.
std::string describe_stranger(std::string_view bytes);

}  // namespace diag::mysql
