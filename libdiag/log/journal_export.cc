#include "log/journal_export.h"

#include <algorithm>

#include "base/text.h"
#include "log/stamp.h"

namespace diag::transport {
namespace {

constexpr std::uint64_t largest = 768ULL << 20;  // a field of the journal
constexpr std::size_t kept = 1 << 20;            // of a value

bool is_name_char(char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

// "_HOSTNAME" at the front; empty if none.
std::string_view field_name(std::string_view line) {
  const auto name = take_while(line, is_name_char);
  return name.size() <= 64 && !name.empty() && !is_digit(name[0]) ? name : std::string_view{};
}

bool begins_entry(std::string_view line) {
  return line.starts_with("__CURSOR=") || line.starts_with("__REALTIME_TIMESTAMP=");
}

// "Sat 2014-03-01 00:00:01.123456 UTC [s=739ad463...;i=4ece7;...]".
bool begins_verbose_entry(std::string_view line) {
  if (line.size() < 30 || line[4] != '2') return false;
  return take_weekday(line) && take_iso_time(line) && line.find(" [s=") != std::string_view::npos &&
         line.ends_with(']');
}

}  // namespace

JournalExport::Answer JournalExport::begin(const Line& line) {
  const bool plain = begins_entry(line.text);
  if (!plain && !begins_verbose_entry(line.text)) return Answer::not_mine;
  entry_.clear();
  if (plain) {
    state_ = State::fields;
    return field(line);
  }
  state_ = State::verbose;
  std::string_view s = line.text;
  take_weekday(s);
  if (const auto iso = take_iso_time(s)) entry_.realtime = iso->time.micros;
  return Answer::more;
}

bool JournalExport::close() {
  state_ = State::outside;
  return entry_.has_message;
}

JournalExport::Answer JournalExport::field(const Line& line) {
  const auto name = field_name(line.text);
  if (line.text.empty() || line.text == "\r") return close() ? Answer::entry : Answer::more;
  if (name.empty()) return close() ? Answer::entry_before : Answer::not_mine;
  if (name == "__CURSOR" && (entry_.realtime || entry_.has_message))
    return close() ? Answer::entry_before : begin(line);
  const bool message = name == "MESSAGE";
  if (message) {
    at_ = line.at;
    raw_ = line.text;
  }
  if (line.text.size() > name.size() && line.text[name.size()] == '=') {
    auto value = line.text.substr(name.size() + 1);
    if (value.ends_with('\r')) value.remove_suffix(1);
    entry_.set(name, value);
  } else if (line.text.size() == name.size()) {
    name_ = name;
    value_.clear();
    state_ = State::length;
  } else {
    return close() ? Answer::entry_before : Answer::not_mine;
  }
  return Answer::more;
}

// Indented by four blanks; the further lines of a value stand below it.
JournalExport::Answer JournalExport::verbose_field(const Line& line) {
  if (!line.text.starts_with("    ")) return close() ? Answer::entry_before : begin(line);
  const auto text = line.text.substr(4);
  const auto name = field_name(text);
  if (!name.empty() && text.size() > name.size() && text[name.size()] == '=') {
    name_ = name;
    if (name == "MESSAGE") {
      at_ = line.at;
      raw_ = line.text;
    }
    entry_.set(name, text.substr(name.size() + 1));
  } else if (name_ == "MESSAGE" && entry_.message.size() < kept) {
    entry_.message += '\n';
    entry_.message += trim_left(text);
  }
  return Answer::more;
}

// Bytes of a binary field: first the eight of its length, then its value, then the newline that closes it.
void JournalExport::binary(std::string_view text, bool newline) {
  const auto put = [&](char c) {
    value_ += c;
    if (state_ == State::length && value_.size() == 8) {
      left_ = 0;
      for (int i = 7; i >= 0; --i) left_ = left_ << 8 | static_cast<unsigned char>(value_[static_cast<std::size_t>(i)]);
      if (left_ > largest) {
        passed_over_ += left_;
        state_ = State::fields;
        return;
      }
      keep_ = is_wanted_field(name_);
      if (keep_ && left_ > kept) passed_over_ += left_;
      value_.clear();
      state_ = State::bytes;
    }
  };
  std::size_t i = 0;
  const auto more = [&] { return i < text.size() || (newline && i == text.size()); };
  const auto byte = [&] { return i < text.size() ? text[i] : '\n'; };
  for (; state_ == State::length && more(); ++i) put(byte());
  if (state_ != State::bytes) return;
  const std::uint64_t there = text.size() + newline - std::min(i, text.size() + newline);
  const std::uint64_t taken = std::min(left_, there);
  if (keep_ && value_.size() + taken <= kept) {
    const auto bytes = text.substr(std::min(i, text.size()));
    value_ += bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(taken, bytes.size())));
    if (taken > bytes.size()) value_ += '\n';
  }
  left_ -= taken;
  if (there > taken) end_binary();  // the newline behind the value
}

void JournalExport::end_binary() {
  if (keep_) entry_.set(name_, value_);
  value_.clear();
  state_ = State::fields;
}

JournalExport::Answer JournalExport::read(const Line& line) {
  const bool continued = continued_;
  continued_ = line.cut;
  switch (state_) {
    case State::outside:
      return continued ? Answer::not_mine : begin(line);
    case State::length:
    case State::bytes:
      binary(line.text, !line.cut);
      return Answer::more;
    case State::verbose:
      return verbose_field(line);
    case State::fields:
      break;
  }
  return continued ? Answer::more : field(line);  // what follows a value's first mebibyte is dropped
}

bool JournalExport::finish() {
  if (state_ == State::length || state_ == State::bytes) end_binary();
  return state_ != State::outside && close();
}

}  // namespace diag::transport
