// What configuration files and the outputs of configuration commands state.
#include "event/vocabulary.h"

namespace diag {

namespace {

constexpr FieldSpec rule_fields[] = {
    {"family", FieldType::name, "ipv4 or ipv6"},
    {"table", FieldType::name, "filter, nat, mangle, raw; filter where the text names none"},
    {"chain", FieldType::name, "the chain it stands in: FORWARD, RH-Firewall-1-INPUT"},
    {"number", FieldType::number, "its place in the chain, from 1"},
    {"rule", FieldType::text, "the rule as written, counters taken off and blanks squeezed; of a listing its row"},
    {"target", FieldType::name, "ACCEPT, DROP, REJECT, a chain ...; absent: the rule only counts"},
    {"reject_with", FieldType::name,
     "the answer of a REJECT in its long spelling, the default included: icmp-port-unreachable"},
    {"in_interface", FieldType::name, "of -i: eth0, virbr+, !lo; absent: any"},
    {"out_interface", FieldType::name, "of -o, in the same form; absent: any"},
    {"protocol", FieldType::name, "of -p, in lower case: tcp, !udp; absent: any"},
    {"goto", FieldType::flag, "-g: the packet does not come back to this chain"},
    {"matches", FieldType::list, "its conditions as written: '-m physdev --physdev-is-bridged'; absent for a listing"},
    {"hooks", FieldType::list, "the built-in chains from which rules lead here: FORWARD, INPUT"},
    {"packets", FieldType::number, "that met the rule, where counters are given"},
    {"bytes", FieldType::number, "of those packets"},
    {"owner", FieldType::name, "who makes the rule and puts it back: libvirt, firewalld, fail2ban"},
};

constexpr FieldSpec chain_fields[] = {
    {"family", FieldType::name, "ipv4 or ipv6"},
    {"table", FieldType::name, "filter, nat, mangle, raw"},
    {"chain", FieldType::name, "its name"},
    {"policy", FieldType::name, "of a built-in chain: ACCEPT or DROP; absent: none stated"},
    {"rules", FieldType::number, "how many rules it has"},
    {"hooks", FieldType::list, "the built-in chains from which rules lead here"},
};

constexpr FieldSpec path_fields[] = {
    {"family", FieldType::name, "ipv4 or ipv6"},
    {"context", FieldType::name,
     "bridged; routed between bridges, routed to a bridge, host to a bridge (these in bridge context only with "
     "2.6.18)"},
    {"hook", FieldType::name, "the built-in chain that the packet enters: FORWARD or OUTPUT"},
    {"witness", FieldType::text, "the way to the rule: FORWARD:9 -> RH-Firewall-1-INPUT:10"},
    {"chain", FieldType::name, "the chain of the REJECT rule"},
    {"number", FieldType::number, "its place in that chain, from 1"},
    {"rule", FieldType::text, "the REJECT rule as written"},
    {"reject_with", FieldType::name, "its answer in the long spelling: icmp-host-prohibited, tcp-reset"},
    {"in_interface", FieldType::name, "by which such a packet comes in; 'another bridge': one that no rule names"},
    {"out_interface", FieldType::name, "by which it leaves"},
    {"assumed", FieldType::flag, "the way depends on interfaces or bridges that no input states"},
};

constexpr FieldSpec mistake_fields[] = {
    {"family", FieldType::name, "ipv4 or ipv6"},
    {"message", FieldType::text, "what keeps the rules from loading, or a rule from matching"},
    {"column", FieldType::number, "where in the line, from 1"},
    {"remedy", FieldType::text, "what to write instead"},
};

constexpr FieldSpec zone_fields[] = {
    {"zone", FieldType::name, "its name, from the name of its file"},
    {"target", FieldType::name, "default, ACCEPT, DROP or %%REJECT%%"},
    {"interfaces", FieldType::list, "bound to the zone"},
    {"rejects", FieldType::flag, "by its target or by a rich rule"},
};

constexpr FieldSpec sysctl_fields[] = {
    {"name", FieldType::name, "with dots: net.bridge.bridge-nf-call-iptables"},
    {"value", FieldType::name, "as written; of a name set twice in one text the last, which is the one in force"},
    {"state", FieldType::name,
     "running: read from a kernel; configured: a file that is applied at boot; absent: the text does not tell"},
    {"overrides", FieldType::list, "numbers of earlier lines that set the same name in vain"},
};

constexpr FieldSpec interface_fields[] = {
    {"device", FieldType::name, "eth0, br0"},
    {"type", FieldType::name, "bridge, ethernet ..., in lower case"},
    {"bridge", FieldType::name, "the bridge it is a port of"},
    {"ports", FieldType::list, "the ports of a bridge, where the text lists them"},
};

constexpr FieldSpec mycnf_fields[] = {
    {"name", FieldType::name, "of the option, with underscores: old_passwords"},
    {"group", FieldType::name, "it stands in: mysqld, client, mysqld_safe"},
    {"value", FieldType::name, "as written, quotes taken off; absent: the option has none"},
    {"effective", FieldType::name,
     "what counts for that program in the end: 0, 1, OFF, ON, a word; absent: overridden later, or it depends on the "
     "server's version"},
    {"quote", FieldType::text, "the line as written"},
};

constexpr KindSpec kinds[] = {
    {"iptables.rule", "One rule of a packet filter: iptables-save, iptables -S, iptables -L, firewalld's direct.xml.",
     rule_fields},
    {"iptables.chain", "One chain of a packet filter.", chain_fields},
    {"iptables.reject_path", "A way by which a packet in a bridge's hands can reach a REJECT rule.", path_fields},
    {"iptables.mistake", "Something that keeps a packet filter's text from loading, or a rule from ever matching.",
     mistake_fields},
    {"firewalld.zone", "A zone file of firewalld.", zone_fields},
    {"sysctl.value", "A kernel setting: sysctl.conf, sysctl -a, a file below /proc/sys.", sysctl_fields},
    {"net.interface", "A network interface: an ifcfg file, or a bridge of brctl show.", interface_fields},
    {"mycnf.setting", "One option of a MySQL option file.", mycnf_fields},
};

}  // namespace

std::span<const KindSpec> config_kinds() { return kinds; }

}  // namespace diag
