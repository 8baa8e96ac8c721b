#include "event/mysql_account.h"

#include <algorithm>

#include "base/text.h"

namespace diag::mysql {

namespace {

bool all_hex(std::string_view text) { return std::ranges::all_of(text, is_hex); }

}  // namespace

std::string_view hash_form(std::string_view hash) {
  if (hash.empty()) return "none";
  if (hash.size() == 16 && all_hex(hash)) return "pre41";
  if (hash.starts_with('*') && all_hex(hash.substr(1))) {
    if (hash.size() == 41) return "native";
    if (hash.size() == 16) return "cut";
  }
  if (hash.starts_with("$5$")) return "sha256";
  if (hash.starts_with("$A$")) return "caching-sha2";
  return "other";
}

std::string account_class(std::string_view plugin, std::string_view form) {
  if (plugin == "unix_socket" || plugin == "auth_socket") return "socket";
  if (plugin == "ed25519") return form == "none" ? "none" : "ed25519";
  const bool known = plugin.empty() || is_old_plugin(plugin) || is_native_plugin(plugin) ||
                     plugin == "sha256_password" || plugin == "caching_sha2_password";
  if (!known) return "other";
  return form == "other" ? "invalid" : std::string(form);
}

bool is_old_plugin(std::string_view plugin) { return plugin == "mysql_old_password"; }
bool is_native_plugin(std::string_view plugin) { return plugin == "mysql_native_password"; }

}  // namespace diag::mysql
