#include "probe/mysql_login.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "probe/mysql_scramble.h"

namespace diag::mysql {

namespace {

constexpr std::uint32_t most_packet = 1 << 24;
constexpr std::uint8_t latin1 = 8, utf8 = 33;
constexpr int most_requests = 4;  // of other plugins, or of more data; servers make one or two
constexpr std::uint8_t quit_command = 1;

// No byte of these depends on any password.
constexpr std::string_view dummy_native = "RRRRRRRRRRRRRRRRRRRR";
constexpr std::string_view dummy_old = "DUMMYXYZ";
constexpr std::size_t ed25519_size = 64;

constexpr std::string_view native_plugin = "mysql_native_password";
constexpr std::string_view old_plugin = "mysql_old_password";
constexpr std::string_view ed25519_plugin = "client_ed25519";

Answer answer_of(const ServerError& error) {
  switch (error.number) {
    case 1040:
      return Answer::too_many;
    case 1045:
      return Answer::denied;
    case 1129:
      return Answer::blocked;
    case 1130:
      return Answer::host_not_allowed;
    case 1251:
      return Answer::client_too_old;
    case 1275:
      return Answer::old_auth_refused;
    case 1524:
      return error.text.find(old_plugin) == std::string::npos ? Answer::other : Answer::old_plugin_gone;
    case 3159:
      return Answer::tls_required;
    default:
      return Answer::other;
  }
}

// What counts even after the server asked for a plugin: the error says more than the request did.
bool outweighs_request(Answer answer) { return answer != Answer::denied && answer != Answer::other; }

bool all_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

std::uint32_t flags(const Greeting& greeting, bool tls) {
  std::uint32_t wanted = long_password | long_flag | protocol_41 | transactions | secure_connection | multi_results;
  if (greeting.can(plugin_auth)) wanted |= plugin_auth;
  return tls ? wanted | offers_tls : wanted;
}

// The part of a login that a request for TLS consists of.
std::string login_head(const Greeting& greeting, bool tls, std::string_view user) {
  std::string payload;
  append_number(payload, flags(greeting, tls), 4);
  append_number(payload, most_packet, 4);
  append_number(payload, all_ascii(user) ? latin1 : utf8, 1);
  payload.append(23, '\0');
  return payload;
}

}  // namespace

std::string_view to_string(Answer answer) {
  constexpr std::array<std::string_view, 13> names = {
      "other",           "ok",           "denied",         "old-auth", "old-auth-refused",
      "old-plugin-gone", "other-plugin", "client-too-old", "blocked",  "host-not-allowed",
      "tls-required",    "too-many",     "other"};
  return names[static_cast<std::size_t>(answer)];
}

LoginExchange::LoginExchange(const Greeting& greeting, LoginRequest request)
    : greeting_(greeting), request_(std::move(request)) {}

Packet LoginExchange::open() {
  if (!request_.tls || old_login()) return login();
  return {sequence_++, login_head(greeting_, true, request_.user)};
}

std::string LoginExchange::first_answer() const {
  if (probing()) return std::string(dummy_native);
  return native_scramble(*request_.password, greeting_.salt);
}

Packet LoginExchange::login() {
  std::string payload;
  const std::string user = request_.user.substr(0, request_.user.find('\0'));
  if (old_login()) {
    append_number(payload, long_password | long_flag | transactions, 2);
    append_number(payload, most_packet - 1, 3);
    payload += user + '\0' + old_answer(greeting_.salt) + '\0';
    outcome_.plugin = old_plugin;
    return {sequence_++, payload};
  }
  const std::string answer = first_answer();
  payload = login_head(greeting_, request_.tls, user) + user + '\0';
  append_number(payload, answer.size(), 1);
  payload += answer;
  if (greeting_.can(plugin_auth)) {
    payload += native_plugin;
    payload += '\0';
  }
  return {sequence_++, payload};
}

std::optional<Packet> LoginExchange::take(const Packet& packet) {
  if (done_) return std::nullopt;
  sequence_ = static_cast<std::uint8_t>(packet.sequence + 1);
  const auto first = packet.payload.empty() ? -1 : static_cast<int>(static_cast<std::uint8_t>(packet.payload[0]));
  switch (first) {
    case 0x00:
      return take_ok();
    case 0xff: {
      outcome_.error = read_error(packet.payload);
      outcome_.finished = true;
      const Answer answer = answer_of(*outcome_.error);
      return end(outcome_.answer == Answer::none || outweighs_request(answer) ? answer : outcome_.answer);
    }
    case 0x01:
    case 0xfe:
      return take_request(packet);
    default:
      return end(Answer::other);
  }
}

std::optional<Packet> LoginExchange::take_ok() {
  outcome_.finished = true;
  end(Answer::ok);
  if (!probing()) return std::nullopt;
  return quit_packet();
}

// The server wants another plugin's answer, or says more to the plugin it asked for.
std::optional<Packet> LoginExchange::take_request(const Packet& packet) {
  if (++requests_ > most_requests) return end(outcome_.answer == Answer::none ? Answer::other : outcome_.answer);
  PayloadReader reader(packet.payload);
  const bool more_data = reader.byte() == 0x01;
  if (more_data) {
    if (outcome_.answer == Answer::none) outcome_.answer = Answer::other_plugin;
    return Packet{sequence_++, {}};
  }
  if (reader.left() == 0) {  // the form that 4.1 brought, without a name
    outcome_.plugin = old_plugin;
    return answer_plugin(greeting_.salt);
  }
  outcome_.plugin = printable(reader.text().substr(0, 64), false);
  return answer_plugin(reader.text());
}

std::optional<Packet> LoginExchange::answer_plugin(std::string_view salt) {
  const auto send = [&](std::string payload) { return Packet{sequence_++, std::move(payload)}; };
  if (outcome_.plugin == old_plugin) {
    outcome_.answer = Answer::old_auth;
    return send(old_answer(salt) + '\0');
  }
  if (outcome_.plugin == native_plugin) {
    if (probing()) return send(std::string(dummy_native));
    return send(native_scramble(*request_.password, salt.substr(0, 20)));
  }
  outcome_.answer = Answer::other_plugin;
  if (outcome_.plugin == ed25519_plugin) return send(std::string(ed25519_size, '\0'));
  return send({});
}

// 8 bytes: made from the password only where that was asked for.
std::string LoginExchange::old_answer(std::string_view salt) {
  if (probing() || !request_.allow_old) return std::string(dummy_old);
  outcome_.old_scramble = true;
  return old_scramble(*request_.password, salt);
}

std::optional<Packet> LoginExchange::end(Answer answer) {
  outcome_.answer = answer;
  if (answer != Answer::ok) outcome_.old_scramble = false;
  done_ = true;
  return std::nullopt;
}

Packet quit_packet() { return {0, std::string(1, static_cast<char>(quit_command))}; }

std::optional<bool> has_decoys(const Greeting& greeting) {
  if (greeting.flavour == Flavour::mariadb) return true;
  if (!at_least(greeting.version, 5, 5)) return false;  // no plugins: an unknown name is refused at once
  if (at_least(greeting.version, 5, 6) && !at_least(greeting.version, 5, 8)) return false;
  return std::nullopt;
}

bool counts_against_host(const Greeting& greeting, const LoginOutcome& outcome) {
  const bool forgiving = greeting.flavour != Flavour::mariadb && !at_least(greeting.version, 5, 6);
  if (!outcome.finished && outcome.answer != Answer::none) return true;
  if (!outcome.finished) return !forgiving;
  return !forgiving && (outcome.answer == Answer::client_too_old || outcome.answer == Answer::old_auth_refused);
}

bool ends_run(Answer answer) {
  return answer == Answer::blocked || answer == Answer::too_many || answer == Answer::client_too_old ||
         answer == Answer::old_auth_refused || answer == Answer::none;
}

}  // namespace diag::mysql
