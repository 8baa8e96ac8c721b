// What a stored MySQL password hash is, told from its form alone. The hash itself is as good as the password where it
// is old, so it is looked at and forgotten: no event, report or log ever holds one.
#pragma once

#include <string>
#include <string_view>

namespace diag::mysql {

// The form of a hash: "pre41" (16 hex digits), "native" ('*' and 40), "cut" ('*' and 15: a native one that a char(16)
// column cut, so that nobody can log in), "sha256" ($5$), "caching-sha2" ($A$), "none" (empty), "other".
std::string_view hash_form(std::string_view hash);

// The class of an account, as in the field `class` of mysql.account: its hash's form, but for plugins that have hashes
// of their own ("ed25519"), need none ("socket") or are not known here ("other"). A form that is no hash at all is
// "invalid". `plugin` empty: the server's own choice by the hash.
std::string account_class(std::string_view plugin, std::string_view form);

bool is_old_plugin(std::string_view plugin);     // mysql_old_password
bool is_native_plugin(std::string_view plugin);  // mysql_native_password

}  // namespace diag::mysql
