// Marked samples of functional languages and of R; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let functionalGolden: [Golden] = [
    Golden(
      .ocaml,
      ##"""
      | (* posts (* nested *) "it's" *)
      : ccccccccccccccccccccccccccccccc
      | open Ledger.Entry
      : kkkk tttttt ttttt
      | let rec post ?(dry = true) (e : 'a Entry.t) : int list =
      : kkk kkk              oooo       oo ttttt      ttt tttt
      |   match e with Some x when x <> 0x1F -> [x; 1_000] | None -> failwith "no\n"
      :   kkkkk   kkkk tttt   kkkk      nnnn        nnnnn    tttt             ssssss
      | let quoted = {|raw "text" (* no comment *)
      : kkk          sssssssssssssssssssssssssssss
      |   end|} and c = 'x' and q' = '\n'
      : sssssss kkk     sss kkk      ssss
      | module type S = sig val mutable_ : string end
      : kkkkkk kkkk t   kkk kkk            tttttt kkk
      """##),
    Golden(
      .elixir,
      ##"""
      | # posts entries
      : ccccccccccccccc
      | defmodule Ledger.Entry do
      : kkkkkkkkk tttttt ttttt kk
      |   @moduledoc """
      :   tttttttttt sss
      |   Adds #{"entries"}.
      : ssssssssssssssssssss
      |   """
      : sssss
      |   @limit 1_000
      :   tttttt nnnnn
      |   def post(%{amount: amount} = entry, opts \\ []) when amount > ?0 do
      :   kkk ffff   oooooo                               kkkk          nn kk
      |     Enum.map(entry.lines, &"#{&1} of #{@limit}") |> valid?() || {:error, :"not valid"}
      :     tttt fff               sss nsssssssttttttss     ffffff       oooooo  osssssssssss
      |   end
      :   kkk
      |   @words ~w{a { b}a ++ [~r/a\/b/, 'x']
      :   tttttt ssssssssss     ssssssss  sss
      |   defp clean(text), do: Regex.replace(~r/["#]\/+/u, text, ~s(it's)) <> nil
      :   kkkk fffff        kk  ttttt fffffff ssssssssssss        ssssssss     ooo
      | end
      : kkk
      """##),
    Golden(
      .r,
      ##"""
      | #' @export
      : cccccccccc
      | post_entry <- function(entry, dry.run = FALSE, ...) {
      :               kkkkkkkk                  ooooo
      |   if (is.null(entry$amount)) return(NA_integer_)
      :   kk  fffffff                kkkkkk ooooooooooo
      |   `my name` <- r"(a "raw" \text)"; 'it\'s' %in% c(1L, 0x1F, 1e-3)
      :                ssssssssssssssssss  sssssss  kk  f nn  nnnn  nnnn
      | }
      :
      """##),
  ]
}
