// The safe change of a rule file: REJECT becomes DROP, with everything else as it was, byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"
#include "diag/result.h"

namespace diag {

struct RewriteOptions {
  // Only rules that a packet can reach from FORWARD or OUTPUT; those that only INPUT leads to are met in ordinary
  // context.
  bool only_forwarded = false;
  // Packets for ident (TCP port 113), which mail, IRC and FTP servers ask for, still get a TCP reset in INPUT, so that
  // these servers do not wait for a timeout. Adds a rule before each changed one, unless the rule is for that port
  // itself.
  bool keep_ident = false;
};

struct RewrittenLine {
  std::uint64_t line = 0;  // of the input
  std::string before;
  std::vector<std::string> after;  // the last one is the changed rule
};

struct Rewrite {
  std::string text;
  std::vector<RewrittenLine> changed;  // in order of line
  std::vector<std::string> notes;      // what clients will notice, and what was left as it is and why
};

// Rules that answer with a TCP reset stay: no crash is known from them. Fails for texts that cannot be loaded again (a
// listing, firewalld's direct.xml) and for those that were not read to their end.
Result<Rewrite> rewrite_rejects(const RuleSet& rules, const RewriteOptions& options = {});

// The change as `diff -u` shows it; empty: nothing changed.
std::string unified_diff(const RuleSet& rules, const Rewrite& rewrite);

}  // namespace diag
