#include "config/reject_remedy.h"

#include <algorithm>

#include "base/text.h"
#include "config/firewall_events.h"

namespace diag {

namespace {

bool plain(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_word(c) || std::string_view(" ._:/@+!,=-").find(c) != std::string_view::npos; });
}

// A name of the input inside a command; anything that a shell might read otherwise is not repeated.
std::string safe(std::string_view name, std::string_view instead) {
  return std::string(plain(name) && !name.starts_with('-') ? name : instead);
}

std::string spaced(std::string text) { return text.empty() ? text : " " + text; }

Step save_step(Family family) {
  const std::string program(program_of(family));
  return {"Keep a copy of the running rules: " + program + "-save > /root/" + program + ".before",
          "grep -c '^-A' /root/" + program + ".before",
          "nothing to undo: reading changes nothing",
          Risk::none,
          {},
          {}};
}

Step replace_step(const RejectPlace& place) {
  const std::string program(program_of(place.set.family));
  const auto chain = safe(place.table.chains[place.rule.chain].name, "<chain>");
  const auto number = std::to_string(place.number);
  const auto spec = program + " -R " + chain + " " + number + spaced(conditions_text(place.rule)) + " -j ";
  Step step;
  step.instruction = "Replace the target in place; see first that it still is rule " + number + " of " + chain +
                     ". Clients that were refused at once will then wait for their timeout: " + spec + "DROP";
  step.check = program + " -L " + chain + " -n -v --line-numbers   # rule " + number + " says DROP";
  step.undo = spec + "REJECT --reject-with " + place.rule.reject_with;
  step.risk = Risk::traffic_change;
  return step;
}

Step file_step(const RejectPlace& place) {
  const std::string program(program_of(place.set.family));
  const auto file = safe(place.set.text->name(), "FILE");
  Step step;
  step.instruction = "Write the change into the file too: iptcheck" +
                     std::string(place.set.family == Family::ipv6 ? " -6 " : " ") + file + " --rewrite drop --out " +
                     program +
                     ".new, and put that in its place. Do not restart the firewall from afar: the "
                     "restart empties the rules first, and a file that is refused leaves the host open.";
  step.check = program + "-restore --test < " + program + ".new   # syntax; the kernel has the last word";
  step.undo = "put the old file back: it was not changed";
  step.risk = Risk::none;
  return step;
}

Step switch_step(Family family) {
  const std::string name =
      family == Family::ipv4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables";
  Step step;
  step.instruction = "Or, if the host need not filter what passes its bridges: sysctl -w " + name +
                     "=0. It is 1 again when the bridge module is loaded after sysctl -p.";
  step.check = "sysctl " + name + "   # 0";
  step.undo = "sysctl -w " + name + "=1";
  step.risk = Risk::traffic_change;
  return step;
}

Step kernel_step(const KernelView& kernel) {
  Step step;
  step.instruction = kernel.era == Era::el6 ? "Update to kernel 2.6.32-279.el6 or later and reboot."
                                            : "Update to kernel 2.6.18-308.4.1.el5 or later and reboot.";
  step.check = "rpm -q --changelog kernel | grep 'Reset IPCB when entering IP stack'";
  step.undo = "boot the kernel before it from the boot menu";
  step.risk = Risk::reboot;
  if (kernel.era == Era::unknown) step.when = "the host runs EL5 (for EL6: 2.6.32-279.el6)";
  return step;
}

}  // namespace

std::string_view program_of(Family family) { return family == Family::ipv4 ? "iptables" : "ip6tables"; }

std::string conditions_text(const Rule& rule) {
  constexpr std::string_view hidden = "<its conditions>";
  if (!rule.text.starts_with('-'))
    return rule.conditional || rule.in || rule.out || rule.physdev ? std::string(hidden) : std::string();
  std::string text;
  for (const auto& condition : conditions_of(rule)) text += (text.empty() ? "" : " ") + condition;
  return plain(text) ? text : std::string(hidden);
}

Step owner_step(std::string_view owner, Family family) {
  Step step;
  step.risk = Risk::traffic_change;
  const std::string program(program_of(family));
  if (owner == "libvirt") {
    step.instruction =
        "libvirt makes this rule for its network and puts it back when a network is started or libvirtd is restarted "
        "or gets a "
        "SIGHUP: a change of the saved file does not hold. Replace it in place each time, after libvirt has made it.";
    step.check = program + " -L FORWARD -n -v --line-numbers   # after: virsh net-destroy NAME; virsh net-start NAME";
    step.undo = "kill -HUP $(cat /var/run/libvirtd.pid)   # libvirt makes its own rules again";
  } else if (owner == "firewalld") {
    step.instruction =
        "firewalld makes this rule and puts it back at each reload: a change of the saved file does not hold. Change "
        "the zone: "
        "firewall-cmd --permanent --zone=ZONE --set-target=DROP, or remove its reject rule; for a direct rule, edit "
        "direct.xml. Then firewall-cmd --reload.";
    step.check = program + "-save | grep -n 'j REJECT'";
    step.undo = "firewall-cmd --permanent --zone=ZONE --set-target=default; firewall-cmd --reload";
  } else {
    step.instruction = std::string(owner) + " makes this rule: set its action to DROP in its own settings.";
    step.check = program + "-save | grep -n 'j REJECT'";
    step.undo = "set the action back and restart " + std::string(owner);
  }
  return step;
}

std::vector<Step> reject_steps(const RejectPlace& place, const KernelView& kernel, bool alone) {
  std::vector<Step> steps;
  const bool in_file = place.set.form == RuleSet::Form::save || place.set.form == RuleSet::Form::commands;
  const bool replaceable = place.owner != "firewalld";
  if (replaceable && !alone) steps.push_back(save_step(place.set.family));
  if (replaceable) steps.push_back(replace_step(place));
  if (!place.owner.empty() && (!alone || !replaceable)) steps.push_back(owner_step(place.owner, place.set.family));
  if (alone) return steps;
  if (in_file) steps.push_back(file_step(place));
  steps.push_back(switch_step(place.set.family));
  const bool of_interest = kernel.era == Era::el5 || kernel.era == Era::el6 || kernel.era == Era::unknown;
  if (of_interest && kernel.crashes() != Tri::no && place.set.family == Family::ipv4)
    steps.push_back(kernel_step(kernel));
  return steps;
}

}  // namespace diag
