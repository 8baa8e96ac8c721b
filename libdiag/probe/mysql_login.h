// A client's half of a login: the packets it sends, and what the server's packets mean. No sockets: bytes in, bytes
// out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/mysql_greeting.h"
#include "probe/mysql_packet.h"

namespace diag::mysql {

// What the server made of a login.
enum class Answer {
  none,              // it ended the connection without a word, or none came in time
  ok,                // logged in
  denied,            // 1045: may mean many things, a wrong password among them
  old_auth,          // it asked for the pre-4.1 scramble
  old_auth_refused,  // 1275: the account has an old hash, secure_auth forbids it
  old_plugin_gone,   // 1524: the account wants mysql_old_password, which this server no longer has
  other_plugin,      // it asked for another authentication plugin
  client_too_old,    // 1251
  blocked,           // 1129
  host_not_allowed,  // 1130
  tls_required,      // 3159
  too_many,          // 1040
  other,             // another error, or nothing that a login is answered with
};
std::string_view to_string(Answer answer);  // "old-auth", as in the field `answer` of mysql.login

// One login. Without `password` it is a probe: dummy bytes stand where an answer made from a password would, and a
// server that lets them in is left at once.
struct LoginRequest {
  std::string user;
  std::optional<std::string> password;  // empty: the account has none
  bool allow_old = false;               // answer a request for the old scramble with one made from the password
  bool tls = false;                     // ask for TLS first
};

struct LoginOutcome {
  Answer answer = Answer::none;
  std::string plugin;                // that the server asked for; empty: none
  std::optional<ServerError> error;  // the last one it sent
  bool finished = false;             // the server spoke the last word: OK or an error
  bool old_scramble = false;         // logged in with it
};

class LoginExchange {
 public:
  LoginExchange(const Greeting& greeting, LoginRequest request);

  // What to send after the greeting. With LoginRequest::tls the request for TLS; when that has been set up, login()
  // gives the packet that goes through it.
  Packet open();
  Packet login();

  // Takes the server's next packet. What to send then, or nothing: see done().
  std::optional<Packet> take(const Packet& packet);

  // The exchange is over: nothing more is expected from the server. (A COM_QUIT may still be to be sent.)
  bool done() const { return done_; }
  const LoginOutcome& outcome() const { return outcome_; }

 private:
  bool probing() const { return !request_.password; }
  bool old_login() const { return greeting_.only_old(); }
  std::string first_answer() const;
  std::optional<Packet> take_ok();
  std::optional<Packet> take_request(const Packet& packet);
  std::optional<Packet> answer_plugin(std::string_view salt);
  std::string old_answer(std::string_view salt);
  std::optional<Packet> end(Answer answer);

  const Greeting greeting_;
  const LoginRequest request_;
  LoginOutcome outcome_;
  std::uint8_t sequence_ = 1;
  int requests_ = 0;  // of the server
  bool done_ = false;
};

// The packet that ends a session.
Packet quit_packet();

// Whether that server also asks for other plugins when the account does not exist. Nothing: not known for this version.
std::optional<bool> has_decoys(const Greeting& greeting);

// Whether the server may have counted this login against the client's host (max_connect_errors).
bool counts_against_host(const Greeting& greeting, const LoginOutcome& outcome);

// After these nothing more is to be asked in this run: the next login could only do harm.
bool ends_run(Answer answer);

}  // namespace diag::mysql
