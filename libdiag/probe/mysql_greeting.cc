#include "probe/mysql_greeting.h"

#include <fmt/core.h>

#include <array>

#include "base/text.h"
#include "probe/mysql_packet.h"

namespace diag::mysql {

namespace {

constexpr std::size_t most_version = 80, most_text = 512, most_banner = 60;
constexpr std::size_t first_salt = 8, whole_salt = 20;

std::string cleaned(std::string_view text, std::size_t most) { return printable(text.substr(0, most), false); }

Error malformed(std::string message) { return {Error::Code::malformed, std::move(message), {}}; }

// "5.5.5-10.11.19-MariaDB" greets as if it were 5.5.5, for the sake of old replicas.
std::string_view without_disguise(std::string_view version) {
  constexpr std::string_view disguise = "5.5.5-";
  if (version.starts_with(disguise) && version.size() > disguise.size() && is_digit(version[disguise.size()]))
    version.remove_prefix(disguise.size());
  return version;
}

void read_version(std::string_view stated, Greeting& greeting) {
  greeting.version_full = cleaned(stated, most_version);
  if (contains_ignoring_case(stated, "mariadb")) greeting.flavour = Flavour::mariadb;
  if (contains_ignoring_case(stated, "percona")) greeting.flavour = Flavour::percona;
  std::string_view plain = stated;
  if (greeting.flavour == Flavour::mariadb) plain = without_disguise(plain);
  plain = take_while(plain, [](char c) { return is_digit(c) || c == '.'; });
  while (plain.ends_with('.')) plain.remove_suffix(1);
  greeting.version = plain.substr(0, most_version);
}

// What servers of 5.5.7 and later, and in part those of 4.1 and later, add. False: it is cut short.
bool read_later_part(PayloadReader& reader, Greeting& greeting) {
  greeting.charset = reader.byte();
  reader.number(2);  // status
  greeting.capabilities |= static_cast<std::uint32_t>(reader.number(2) << 16);
  reader.byte();  // length of the salt
  reader.take(10);
  if (!reader.ok()) return false;
  if (!greeting.can(secure_connection)) return true;
  const auto more = reader.take(std::min(reader.left(), whole_salt - first_salt));
  if (more.size() == whole_salt - first_salt) greeting.salt += more;
  if (reader.left()) reader.byte();  // NUL
  if (greeting.can(plugin_auth)) greeting.plugin = cleaned(reader.text(), most_version);
  return true;
}

struct Stranger {
  std::string_view begins, name;
};

constexpr std::array strangers = {
    Stranger{"SSH-", "an SSH server"},
    Stranger{"HTTP/", "a web server"},
    Stranger{"<!DOCTYPE", "a web server"},
    Stranger{"<html", "a web server"},
    Stranger{"220", "a mail or FTP server"},
    Stranger{"* OK", "an IMAP server"},
    Stranger{"+OK", "a POP3 server"},
    Stranger{"-ERR", "a POP3 or Redis server"},
    Stranger{"RFB ", "a VNC server"},
    Stranger{"AMQP", "a message broker (AMQP)"},
    Stranger{"\x16\x03", "a server that speaks TLS from the first byte"},
    Stranger{"\x15\x03", "a server that speaks TLS from the first byte"},
};

// A length of 4 bytes, then the type: 11 is a notice, 1 an error.
bool is_x_protocol(std::string_view bytes) {
  PayloadReader reader(bytes);
  const auto length = reader.number(4);
  const auto type = reader.byte();
  return reader.ok() && length >= 1 && length < PacketReader::largest && (type == 11 || type == 1);
}

}  // namespace

std::string_view to_string(Flavour flavour) {
  constexpr std::string_view names[] = {"MySQL", "MariaDB", "Percona"};
  return names[static_cast<std::size_t>(flavour)];
}

bool at_least(std::string_view version, unsigned major, unsigned minor, unsigned patch) {
  for (const unsigned wanted : {major, minor, patch}) {
    const auto part = parse_dec<unsigned>(take_while(version, is_digit)).value_or(0);
    if (part != wanted) return part > wanted;
    consume(version, ".");
  }
  return true;
}

std::variant<Greeting, ServerError, Error> read_greeting(std::string_view payload) {
  if (payload.empty()) return malformed("the server's first packet is empty");
  const auto first = static_cast<std::uint8_t>(payload[0]);
  if (first == 0xff) {
    ServerError error = read_error(payload);
    if (error.number == 0) return malformed("the server's first packet is an error without a number");
    return error;
  }
  if (first != 9 && first != 10)
    return malformed(fmt::format("the server's first packet is no greeting: it begins with {:#04x}", first));
  PayloadReader reader(payload.substr(1));
  Greeting greeting;
  greeting.protocol = first;
  if (reader.left() > 0 && payload.find('\0', 1) == std::string_view::npos)
    return malformed("the server's version has no end");
  read_version(reader.text(), greeting);
  greeting.thread = static_cast<std::uint32_t>(reader.number(4));
  greeting.salt = first == 9 ? reader.text() : reader.take(first_salt);
  if (greeting.version.empty() || !reader.ok() || greeting.salt.size() < first_salt)
    return malformed("the server's greeting is cut short");
  greeting.salt.resize(first_salt);
  if (first == 9 || reader.left() == 0) return greeting;
  reader.byte();  // NUL after the salt
  greeting.capabilities = static_cast<std::uint32_t>(reader.number(2));
  if (!reader.ok() || (reader.left() > 0 && !read_later_part(reader, greeting)))
    return malformed("the server's greeting is cut short");
  return greeting;
}

ServerError read_error(std::string_view payload) {
  PayloadReader reader(payload.substr(std::min<std::size_t>(1, payload.size())));
  ServerError error;
  error.number = static_cast<std::uint16_t>(reader.number(2));
  std::string_view text = reader.rest();
  if (text.starts_with('#') && text.size() >= 6) {
    error.state = cleaned(text.substr(1, 5), 5);
    text.remove_prefix(6);
  }
  error.text = cleaned(text, most_text);
  return error;
}

std::string describe_stranger(std::string_view bytes) {
  for (const auto& [begins, name] : strangers) {
    if (!bytes.starts_with(begins)) continue;
    const bool readable = begins[0] >= ' ';
    const auto line = printable(bytes.substr(0, std::min(bytes.find_first_of("\r\n"), most_banner)), false);
    return readable && !line.empty() ? fmt::format("{} ('{}')", name, line) : std::string(name);
  }
  if (is_x_protocol(bytes)) return "MySQL's X Protocol, usually on port 33060; logins of applications go to port 3306";
  return "something that does not speak MySQL";
}

}  // namespace diag::mysql
