#include "config/config_text.h"

#include <algorithm>

namespace diag {

void ConfigText::append(std::string_view text, std::uint64_t number, std::uint64_t offset, bool cut) {
  ConfigLine line{{}, number, offset, false, cut};
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
    line.returned = true;
  }
  starts_.push_back(bytes_.size());
  bytes_ += text;
  lines_.push_back(line);
}

void ConfigText::finish() {
  starts_.push_back(bytes_.size());
  const std::string_view all = bytes_;
  for (std::size_t i = 0; i < lines_.size(); ++i) lines_[i].text = all.substr(starts_[i], starts_[i + 1] - starts_[i]);
}

std::shared_ptr<const ConfigText> ConfigText::read(Source& source, std::size_t limit) {
  return read(source, source.id(), source.name(), limit);
}

std::shared_ptr<const ConfigText> ConfigText::read(Source& source, SourceId id, std::string name, std::size_t limit) {
  auto text = std::make_shared<ConfigText>();
  text->source_ = id;
  text->name_ = std::move(name);
  while (const Line* line = source.next()) {
    const bool piece = !text->lines_.empty() && text->lines_.back().number == line->at.line;
    if (piece) {
      text->lines_.back().cut = true;
    } else if (text->bytes_.size() + line->text.size() > limit) {
      text->complete_ = false;
    } else if (text->complete_) {
      text->append(line->text, line->at.line, line->at.offset, line->cut);
    }
  }
  text->complete_ = text->complete_ && !source.error();
  if (!text->lines_.empty()) {
    const auto& last = text->lines_.back();
    const auto size = text->bytes_.size() - text->starts_.back() + (last.returned ? 1 : 0);
    text->newline_ = source.bytes() > last.offset + size;
  }
  text->finish();
  return text;
}

std::shared_ptr<const ConfigText> ConfigText::of(std::string_view bytes, SourceId source, std::string name) {
  auto text = std::make_shared<ConfigText>();
  text->source_ = source;
  text->name_ = std::move(name);
  for (std::size_t at = 0, number = 1; at < bytes.size(); ++number) {
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    text->append(bytes.substr(at, end - at), number, at, false);
    at = end + 1;
  }
  text->newline_ = bytes.empty() || bytes.ends_with('\n');
  text->finish();
  return text;
}

const ConfigLine* ConfigText::line(std::uint64_t number) const {
  const auto at = std::ranges::lower_bound(lines_, number, {}, &ConfigLine::number);
  return at == lines_.end() || at->number != number ? nullptr : &*at;
}

Origin ConfigText::origin(std::uint64_t number) const {
  const auto* found = line(number);
  return found ? origin(*found) : Origin{source_, number, 0};
}

}  // namespace diag
