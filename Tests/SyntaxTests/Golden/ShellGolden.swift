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
      :      kkkkkk n
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
      :   kkkkkk n
      | $body$ LANGUAGE sql;
      : ssssss kkkkkkkk kkk
      | create table t (id bigint primary key, at timestamp default current_timestamp);
      : kkkkkk kkkkk       tttttt kkkkkkk kkk     ttttttttt kkkkkkk ooooooooooooooooo
      """##),
    Golden(
      .dockerfile,
      ##"""
      | # syntax=x
      : cccccccccc
      | FROM swift:6 AS build
      : kkkk         kk
      | RUN apt-get update && \
      : kkk
      |     copy "$HOME/x" \
      :          sooooosss
      |     # note
      :     cccccc
      |     && run
      :
      | ENV A=${B:-1}
      : kkk   ooo
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
      :   ffff soossssssoos sssss
      | 	  include x
      :
      | ifeq ($(V),1)
      : kkkk  oooo n
      | include rules.mk
      : kkkkkkk
      | endif
      : kkkkk
      """##),
    Golden(
      .cmake,
      ##"""
      | # note
      : cccccc
      | #[==[ a block ]]
      : cccccccccccccccc
      | still ]==] project(Ledger VERSION 1.2)
      : cccccccccc fffffff        ooooooo nnn
      | if(NOT DEFINED ENV{HOME} AND ${CMAKE_VERSION} VERSION_LESS "3.${MINOR}")
      : kk kkk kkkkkkk ooo oooo  kkk oooooooooooooooo kkkkkkkkkkkk sssoooooooos
      |   set(FLAGS [=[raw "text"]=] CACHE STRING "multi
      :   fff ooooo ssssssssssssssss ooooo oooooo ssssss
      |     line # no comment")
      : ssssssssssssssssssssss
      | endif()
      : kkkkk
      | function(add_ledger name)
      : kkkkkkkk
      """##),
    Golden(
      .shell,
      ##"""
      | curl -1 http://localhost:8080/v2 HTTP/1.1 && exit 3 # note
      :                                              kkkk n cccccc
      | for i in 1 2.5 .5 5.1.1; do test $i -lt 3des || break; done
      : kkk   kk n nnn           kk ffff oo             kkkkk  kkkk
      """##),
    Golden(
      .dockerfile,
      ##"""
      | RUN a && \
      : kkk
      | # it's a note \
      : ccccccccccccccc
      |     if true; then echo 49b44bff; fi
      :     kk ffff  kkkk ffff           kk
      | USER 1000
      : kkkk nnnn
      | # a note \
      : cccccccccc
      | EXPOSE 80
      : kkkkkk nn
      """##),
    Golden(
      .makefile,
      ##"""
      | # a note \
      : cccccccccc
      |   goes on
      : ccccccccc
      | -include config.mk
      : kkkkkkkk
      | clean check:: lib
      : fffffffffff
      | NAME ::= "$(DIR)/x" '$$y'
      : oooo     soooooosss sssss
      """##),
    Golden(
      .sql,
      ##"""
      | CREATE FUNCTION post(id int) RETURNS void LANGUAGE plpgsql AS $$
      : kkkkkk kkkkkkkk ffff    ttt  kkkkkkk tttt kkkkkkkk         kk ss
      | BEGIN -- it's a body
      : kkkkk cccccccccccccc
      |   PERFORM note('$tag$', $1, $q$it's$q$);
      :   kkkkkkk ffff sssssss      ssssssssss
      |   EXECUTE $sql$
      :   kkkkkkk sssss
      |     DROP TABLE a $sql$;
      :     kkkk kkkkk   sssss
      | END $$ STRICT;
      : kkk ss kkkkkk
      """##),
  ]
}
