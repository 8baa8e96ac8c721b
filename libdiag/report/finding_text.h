// The answer to a ticket: what it is, how sure, why, what to do, how to check it, what was not seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/facts.h"
#include "diag/finding.h"
#include "report/text_page.h"

namespace diag {

void write_finding(TextPage& page, const Facts& facts, const Finding& finding);

// The parts of it, under a heading each; nothing if there is nothing to say.
void write_steps(TextPage& page, const std::vector<Step>& steps);
void write_list(TextPage& page, std::string_view title, const std::vector<std::string>& items);

// The words before a headline: "critical", coloured by severity.
Label headline(Severity severity);

}  // namespace diag
