// --rewrite: the changed file goes to --out, or to standard output; never into the file that was read.
#pragma once

#include <string>

#include "config/firewall_host.h"

namespace diag::tools {

struct RewriteRequest {
  bool wanted = false;
  std::string out;  // empty: standard output
  bool diff = false;
  bool keep_ident = false;
  bool only_forwarded = false;
};

// Writes the change and says on standard error what clients will notice. Gives 0, or the exit status of what went
// wrong. `wrote_output`: standard output holds the changed text or the diff, so that no report can follow.
int write_rewrite(const RewriteRequest& request, const FirewallHost& host, bool ipv6, bool& wrote_output);

}  // namespace diag::tools
