// What must hold for every input, whatever it says. Shared by the tests over cases and corpus and by the fuzzers. Each law
// gives the sentence of its violation, or an empty string.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/diag.h"

namespace diag::test {

using Inputs = std::vector<std::pair<std::string, std::string>>;  // name, bytes

Report diagnose(const SignatureSet& signatures, const Inputs& inputs);

// Events lie in their source, first line before last, quotes within; findings refer to what exists.
std::string check_structure(const Report& report);

// The three renderings are valid UTF-8 without raw control characters, the JSON ones parse by another reader and keep the keys of the contract.
std::string check_renderings(const Report& report);

// Kind, function, frames and fingerprint of each kernel event, without lines and times: what a transport must not change.
std::string essence(const Report& report);

// The lines of each kernel event alone give that event again.
std::string check_reparse(const SignatureSet& signatures, std::string_view text);

// Findings do not depend on the order of the inputs.
std::string check_order(const SignatureSet& signatures, Inputs inputs);

// Cut at `bytes`, no finding on the same event becomes surer than in the whole text.
std::string check_truncation(const SignatureSet& signatures, std::string_view text, std::size_t bytes);

}  // namespace diag::test
