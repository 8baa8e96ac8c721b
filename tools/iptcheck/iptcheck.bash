# bash completion for iptcheck
_iptcheck() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local options='--all --bridges --color --diff --era --fail-on --format --help --ipv6 --keep-ident --kernel --list-checks --live --nf-call --only --only-forwarded --out --rewrite --root --skip --version'
  case $previous in
    --format) mapfile -t COMPREPLY < <(compgen -W 'text json jsonl' -- "$current") ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W 'info warning critical never' -- "$current") ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current") ;;
    --era) mapfile -t COMPREPLY < <(compgen -W 'auto el5 el6 el7 el8' -- "$current") ;;
    --nf-call) mapfile -t COMPREPLY < <(compgen -W 'auto 0 1' -- "$current") ;;
    --rewrite) mapfile -t COMPREPLY < <(compgen -W drop -- "$current") ;;
    *)
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi
      ;;
  esac
}
complete -o filenames -F _iptcheck iptcheck
