// firewalld's own files: direct.xml, whose rules iptables runs, and zones, which can reject what comes in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"

namespace diag {

struct XmlTag {
  std::string name;  // "rule"; of a closing tag too
  std::vector<std::pair<std::string, std::string>> attributes;
  bool closing = false;  // "</rule>"
  bool empty = false;    // "<reject/>"
  std::string text;      // what follows, up to the next tag
  std::uint64_t line = 0;
  std::uint32_t column = 0;

  std::string_view attribute(std::string_view wanted) const;  // empty: it has none
};
// The tags of a text in order. Comments, declarations and CDATA marks are left out; the five named entities are
// resolved.
std::vector<XmlTag> parse_xml_tags(const ConfigText& text);

// The rules and passthrough arguments of direct.xml for one family, by priority within each chain.
RuleSet parse_firewalld_direct(std::shared_ptr<const ConfigText> text, Family family);

struct FirewalldZone {
  std::string target;  // "%%REJECT%%", "ACCEPT", "DROP"; empty: default
  std::vector<std::string> interfaces;
  std::uint64_t line = 0;
  std::vector<std::pair<std::uint64_t, std::string>> rejects;  // rich rules that reject: line, type
};
FirewalldZone parse_firewalld_zone(const ConfigText& text);

}  // namespace diag
