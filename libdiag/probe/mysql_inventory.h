// What a logged-in session can tell of the server's accounts and settings. Reads only. No hash is ever asked for: the
// server is asked for its form. (SHOW GRANTS prints the own one on some servers: it is looked at and dropped.)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/mysql_connection.h"

namespace diag::mysql {

struct Account {
  std::string user, host;
  std::string hash_class;             // "pre41", as account_class() gives it
  std::optional<std::string> plugin;  // empty: the column is; nothing: the table has none, or it is not stated
  std::optional<unsigned> length;     // of the stored hash
  std::optional<bool> tls;            // may log in over TLS only
};

struct Variable {
  std::string name, value;
  bool session = false;
};

struct Column {
  std::string table, name;
  std::optional<unsigned> width;  // in characters
};

struct Inventory {
  bool every_account = false;  // `accounts` lists them all; else only the own one
  std::vector<Account> accounts;
  std::vector<Variable> variables;
  std::vector<Column> columns;
  std::vector<std::string> unknown;  // what could not be asked, and why
};

Inventory take_inventory(Connection& connection, const Greeting& greeting, const Deadline& deadline);

// The account of a line of SHOW GRANTS, and what it says of its hash; nothing for lines that state no account.
std::optional<Account> account_of_grant(std::string_view grant);

// The number in "char(41)"; nothing for other types.
std::optional<unsigned> width_of_type(std::string_view type);

}  // namespace diag::mysql
