// Where the tools find their signatures.
#pragma once

#include <string>
#include <vector>

#include "diag/result.h"
#include "diag/signature.h"

namespace diag::tools {

// The places that are looked at, in this order: the option's folder or $DIAG_SIGNATURES if given, which then must
// exist; <folder of the program>/../share/libdiag/signatures; the source tree of a program that was not installed.
// "none", or nothing found: an empty text. An error names the place that was asked for.
Result<std::string> signature_folder(const std::string& option);

// Loads them, keeps those that --only and --skip ask for, and complains on standard error of every mistake.
Result<SignatureSet> load_signatures(const std::string& tool, const std::string& option,
                                     const std::vector<std::string>& only, const std::vector<std::string>& skip);

// "; did you mean 'kernel.net.x'?", or nothing.
std::string nearest_id(const SignatureSet& signatures, std::string_view id);

}  // namespace diag::tools
