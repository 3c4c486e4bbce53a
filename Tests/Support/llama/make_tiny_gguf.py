#!/usr/bin/env python3
"""Writes a very small llama model with random weights, the same bytes for the same arguments.

The model knows nothing. Under a grammar that admits one string it answers exactly that string,
which is what the tests need from a server.
"""

import argparse

import gguf
import numpy as np

HEADS = 4
KV_HEADS = 2

# A literal newline beside a trimming tag would be trimmed with it, so newlines are expressions.
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "<|im_start|>{{ message['role'] }}{{ '\\n' }}{{ message['content'] }}<|im_end|>{{ '\\n' }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|im_start|>assistant{{ '\\n' }}{%- endif -%}"
)

CONTROL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def byte_alphabet():
    """GPT-2's map from each byte to a printable character."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in alphabet:
            alphabet[byte] = chr(0x100 + len(alphabet) - len(printable))
    return alphabet


def vocabulary():
    """Tokens, their kinds, and the merges; the tokenizer wants at least one merge."""
    alphabet = byte_alphabet()
    tokens = [alphabet[byte] for byte in range(256)]
    space = alphabet[ord(" ")]
    pairs = [(space, space), (space * 2, space * 2), ("i", "n"), ("r", "e")]
    tokens += [left + right for left, right in pairs]
    kinds = [gguf.TokenType.NORMAL] * len(tokens)
    tokens += CONTROL_TOKENS
    kinds += [gguf.TokenType.CONTROL] * len(CONTROL_TOKENS)
    return tokens, kinds, [f"{left} {right}" for left, right in pairs]


def write_model(path, hidden, layers, context, seed):
    tokens, kinds, merges = vocabulary()
    end_of_text, _, end_of_turn = (tokens.index(token) for token in CONTROL_TOKENS)
    head = hidden // HEADS
    feed_forward = 2 * hidden

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-random")
    writer.add_context_length(context)
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(end_of_text)
    writer.add_eos_token_id(end_of_turn)
    writer.add_pad_token_id(end_of_text)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)

    random = np.random.default_rng(seed)

    def matrix(name, rows, columns, scale=None):
        deviation = scale if scale is not None else columns**-0.5
        values = random.standard_normal((rows, columns)) * deviation
        writer.add_tensor(name, values.astype(np.float32))

    def norm(name):
        writer.add_tensor(name, np.ones(hidden, dtype=np.float32))

    matrix("token_embd.weight", len(tokens), hidden, scale=1.0)
    for layer in range(layers):
        block = f"blk.{layer}"
        norm(f"{block}.attn_norm.weight")
        norm(f"{block}.ffn_norm.weight")
        matrix(f"{block}.attn_q.weight", HEADS * head, hidden)
        matrix(f"{block}.attn_k.weight", KV_HEADS * head, hidden)
        matrix(f"{block}.attn_v.weight", KV_HEADS * head, hidden)
        matrix(f"{block}.attn_output.weight", hidden, HEADS * head)
        matrix(f"{block}.ffn_gate.weight", feed_forward, hidden)
        matrix(f"{block}.ffn_up.weight", feed_forward, hidden)
        matrix(f"{block}.ffn_down.weight", hidden, feed_forward)
    norm("output_norm.weight")
    matrix("output.weight", len(tokens), hidden)

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the .gguf file to write")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=1234)
    options = parser.parse_args()
    write_model(options.output, options.hidden, options.layers, options.context, options.seed)


if __name__ == "__main__":
    main()
