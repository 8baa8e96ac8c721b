// What an answer means, in words that claim no more than is known.
#include <fmt/core.h>

#include "base/text.h"
#include "probe/mysql_probe.h"

namespace diag::mysql {

namespace {

constexpr std::string_view old_kind = "a password hash of before MySQL 4.1 (16 characters)";

// "'old16' has X" or, where the server may also say so of names that do not exist, less.
std::string old_account(const Greeting& greeting, const std::string& name, std::string_view how) {
  const auto decoys = has_decoys(greeting);
  if (decoys == false) return fmt::format("'{}' has {}: {}", name, old_kind, how);
  if (decoys == true)
    return fmt::format(
        "'{}' has {}, or this is the server's decoy for an unknown name; at least one old account "
        "exists: {}",
        name, old_kind, how);
  return fmt::format(
      "'{}' probably has {}: {}; whether servers of version {} say so of unknown names too was not tried", name,
      old_kind, how, greeting.version);
}

std::string logged_in(const std::string& name, const Login& login) {
  if (login.outcome.old_scramble)
    return fmt::format("'{}' logged in, with the scramble of before MySQL 4.1: it has an old password hash", name);
  if (login.with_password) return fmt::format("'{}' logged in: the password is right", name);
  return fmt::format(
      "'{}' was let in with dummy bytes in place of a password: the name needs none (the server trusts the system's "
      "user, "
      "or checks no passwords: skip-grant-tables); the session was ended at once",
      name);
}

std::string refused(const Greeting& greeting, const std::string& name, const Login& login) {
  const bool new_server = greeting.flavour != Flavour::mariadb && at_least(greeting.version, 5, 7);
  std::string text = fmt::format(
      "'{}' was refused (1045), which does not say why: no account of that name applies to this host's address, or ",
      name);
  text += login.with_password ? "this is not its password" : "it has a password of the new kind or another plugin";
  text += login.tls ? "" : ", or it requires TLS";
  if (new_server) text += ", or its plugin column is empty";
  const bool asks_first = !new_server && !login.tls && greeting.can(secure_connection);
  if (asks_first) text += "; for an account with an old hash this server would have asked for the old scramble first";
  return text;
}

std::string other_error(const std::string& name, const ServerError& error) {
  const auto say = [&](std::string_view what) { return fmt::format("'{}': {} ({})", name, what, error.number); };
  switch (error.number) {
    case 1043:
      return say("the server did not understand the login");
    case 1862:
      return say("the password has expired, which has nothing to do with the kind of its hash");
    case 3118:
    case 4151:
      return say("the account is locked, which has nothing to do with the kind of its hash");
    default:
      return fmt::format("'{}': the server answered with error {}: {}", name, error.number, error.text);
  }
}

}  // namespace

std::string verdict(const Greeting& greeting, const Login& login) {
  const std::string name = printable(login.user, false);
  const auto& outcome = login.outcome;
  switch (outcome.answer) {
    case Answer::none:
      return fmt::format("'{}': no answer to the login ({})", name, login.trouble);
    case Answer::ok:
      return logged_in(name, login);
    case Answer::denied:
      return refused(greeting, name, login);
    case Answer::old_auth:
      return old_account(greeting, name, "the server asked for the old scramble, before any password was looked at");
    case Answer::old_auth_refused:
      return old_account(greeting, name, "the server says so itself, and secure_auth keeps it out (1275)");
    case Answer::old_plugin_gone:
      return fmt::format(
          "'{}' wants the plugin mysql_old_password, which this server no longer has (1524): nobody can log in", name);
    case Answer::other_plugin:
      return fmt::format("'{}' {}uses the plugin {}: nothing old about it", name,
                         has_decoys(greeting) == false ? "" : "(or the server's decoy for an unknown name) ",
                         outcome.plugin.empty() ? "of another kind" : outcome.plugin);
    case Answer::client_too_old:
      return fmt::format("'{}': the server has no authentication in common with this client (1251)", name);
    case Answer::blocked:
      return "the server has shut this host out, because of too many connection errors (1129)";
    case Answer::host_not_allowed:
      return "the server has no account at all for this host's address (1130)";
    case Answer::tls_required:
      return fmt::format("'{}': the server takes logins over TLS only (3159)", name);
    case Answer::too_many:
      return "the server has no connection left (1040)";
    case Answer::other:
      return outcome.error ? other_error(name, *outcome.error)
                           : fmt::format("'{}': the server answered in a way that is no answer to a login", name);
  }
  return {};
}

}  // namespace diag::mysql
