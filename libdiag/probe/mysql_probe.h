// Asks a MySQL server who it is and what kind of password hash accounts have, without a password and without harm:
//
// * at most two connections a run, each ended the way a login ends, because a client that hangs up is counted by the
//   server, and is shut out as a whole host after max_connect_errors;
// * dummy bytes in place of a password's scramble, for the names that were given and no others;
// * a password is used only where LoginRequest states one, and never leaves in clear.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/event.h"
#include "probe/mysql_inventory.h"
#include "probe/mysql_login.h"
#include "probe/socket_stream.h"

namespace diag::mysql {

enum class TlsUse {
  automatic,  // for a login with a password where the server can, and for an account that is refused without
  never,
  required,  // no login without it
};

struct ProbeOptions {
  Target target;
  std::vector<std::string> users;  // account names to try; empty: a name that no account has
  std::optional<std::string> login_user;
  std::string login_password;  // empty: the account has none
  bool allow_old = false;      // answer with the old scramble: only to this host, or over a way nobody listens to
  TlsUse tls = TlsUse::automatic;
  std::string tls_ca;             // certificates to trust; empty: the server's is not checked
  Milliseconds patience{10'000};  // for the whole run
  Clock clock;
};

struct Login {
  std::string user;
  bool with_password = false;
  bool tls = false;
  LoginOutcome outcome;
  bool counted = false;  // the server may have counted it against this host
  std::string trouble;   // why it did not come to an end: "no answer within 10 seconds"
};

struct ProbeResult {
  std::string server;  // Target::name()
  std::optional<Greeting> greeting;
  std::optional<ServerError> refusal;  // stood in place of the greeting
  std::vector<Login> logins;
  std::optional<Inventory> inventory;  // after a login with a password
  std::vector<std::string> not_asked;  // names that were given, and for which no connection was left
  std::vector<std::string> remarks;    // what else should be known: TLS that could not be set up
  std::optional<Error> error;          // why nothing, or not all, could be learned
};

// The name that stands for "no account" where none was given.
constexpr std::string_view no_account = "mysqlauthcheck";

ProbeResult probe(const ProbeOptions& options);

// What was learned, as events of the kinds mysql.greeting, mysql.login, mysql.account, mysql.variable, mysql.column.
std::vector<Event> events_of(const ProbeResult& result, SourceId source);

// One sentence for a person on what such an answer says of the account, in words that claim no more than is known.
std::string verdict(const Greeting& greeting, const Login& login);

}  // namespace diag::mysql
