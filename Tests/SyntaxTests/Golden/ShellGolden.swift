// Marked samples of the shell and what runs beside it; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let shellGolden: [Golden] = [
    Golden(
      .shell,
      ##"""
      | #!/bin/bash
      : ccccccccccc
      | # comment
      : ccccccccc
      | if [ "$1" = "x$(date +"%s" # no
      : kk   soos   ssss      ssss cccc
      | )" ]; then echo done; fi
      : ss    kkkk ffff kkkk  kk
      | name=${HOME#*/}/a#b; export PATH="${PATH:-/bin}:$name"
      :      oooooo          ffffff      sss          ssooooos
      | post() { local x=$((1 << 2)); cat <<EOF | sort <<-'RAW'
      : ffff     fffff      n    n        sssss        ssssssss
      | total $x of $(count "y")
      : ssssssoossssss      ssss
      | EOF
      : sss
      |   no $x here
      : ssssssssssss
      | 	RAW
      :  sss
      |   for-each 'it
      :            sss
      | is' $? \
      : sss oo
      |   && return 1
      :      ffffff n
      | }
      :
      """##),
    Golden(
      .sql,
      ##"""
      | -- entries
      : cccccccccc
      | SELECT count(*) AS total, "name", 'it''s', E'\'' FROM ledger.entries
      : kkkkkk fffff    kk        ssssss  sssssss  sssss kkkk
      | WHERE amount >= 10.5 AND note IS NOT NULL /* a
      : kkkkk           nnnn kkk      kk kkk oooo cccc
      | b */ ORDER BY 1;
      : cccc kkkkk kk n
      | CREATE FUNCTION post() RETURNS integer AS $body$
      : kkkkkk kkkkkkkk ffff   kkkkkkk ttttttt kk ssssss
      |   select 1;
      : sssssssssss
      | $body$ LANGUAGE sql;
      : ssssss kkkkkkkk
      | create table t (id bigint primary key, at timestamp default current_timestamp);
      : kkkkkk kkkkk       tttttt kkkkkkk kkk     ttttttttt kkkkkkk ooooooooooooooooo
      """##),
    Golden(
      .dockerfile,
      ##"""
      | # syntax=x
      : cccccccccc
      | FROM swift:6 AS build
      : kkkk       n kk
      | RUN apt-get update && \
      : kkk
      |     copy "$HOME/x" \
      :          sooooosss
      |     # note
      :     cccccc
      |     && run
      :
      | ENV A=${B:-1}
      : kkk   ooo  n
      | RUN <<EOF
      : kkk sssss
      | add $x
      : ssssoo
      | EOF
      : sss
      """##),
    Golden(
      .makefile,
      ##"""
      | # note
      : cccccc
      | CC ?= gcc
      : oo
      | SOURCES := $(wildcard *.c) $(CC)
      : ooooooo      ffffffff      ooooo
      | .PHONY: all clean
      : ffffff
      | all: $(OBJ) main.o
      : fff  oooooo
      | 	@echo "$@ from $<" '$$x' && \
      :        ssssssssssss sssss
      | 	  include x
      :
      | ifeq ($(V),1)
      : kkkk  oooo n
      | include rules.mk
      : kkkkkkk
      | endif
      : kkkkk
      """##),
  ]
}
