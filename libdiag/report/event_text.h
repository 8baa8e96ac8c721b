// What happened, in a few lines a person can check against the log.
#pragma once

#include <string>

#include "diag/facts.h"
#include "report/text_page.h"

namespace diag {

// "messages:88-131"; "messages" where no line is known.
std::string place(const Facts& facts, SourceId source, std::uint64_t first_line, std::uint64_t last_line);
std::string place(const Facts& facts, const Event& event);

// "2015-06-30 23:59:59 UTC"; "Oct 14 03:12:01" where the year is not stated.
std::string spoken(const Timestamp& time);

// The lines below an event's title: where, when, kernel, task, function, fault, trace, what the text lacks.
void write_event(TextPage& page, const Facts& facts, const Event& event);

}  // namespace diag
