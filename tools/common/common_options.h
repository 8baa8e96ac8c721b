// The options that all diagnosing tools have, and what follows from them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/command_line.h"
#include "diag/report.h"
#include "diag/result.h"
#include "diag/signature.h"

namespace diag::tools {

class CommonOptions {
 public:
  // Without signatures: for a tool whose findings are computed.
  void declare(CommandLine& line, bool with_signatures = true);

  // For the tools: the signatures that were asked for. An error was said on standard error: the status is wrong_usage.
  std::optional<SignatureSet> signatures(const std::string& tool) const;
  // For a tool whose findings are computed: leaves those that --only and --skip ask for.
  void select(std::vector<Finding>& findings) const;
  TextStyle style() const;
  // Writes the report as --format says, and, where it does not say so itself, what could not be read to standard error.
  // Gives the exit status.
  int publish(const Report& report) const;
  // The same without writing the report.
  int status(const Report& report) const;

 private:
  std::string format_ = "text";
  std::string folder_;
  std::vector<std::string> only_, skip_;
  std::string fail_on_ = "warning";
  std::string color_ = "auto";
  bool all_ = false;
};

}  // namespace diag::tools
