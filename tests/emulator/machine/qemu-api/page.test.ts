import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const page = new URL("../../../../docs/qemu-api.md", import.meta.url);

/** Every function of `qemu-plugin.h`, version 7, without its prefix; families as the page names them. */
const API = `install uninstall reset register_atexit_cb register_flush_cb outs bool_parse
  path_to_binary start_code end_code entry_code
  register_vcpu_init_cb register_vcpu_exit_cb register_vcpu_idle_cb register_vcpu_resume_cb
  num_vcpus vcpu_for_each register_vcpu_discon_cb request_time_control update_ns
  register_vcpu_tb_trans_cb tb_n_insns tb_vaddr tb_get_insn
  insn_vaddr insn_size insn_data insn_disas insn_symbol insn_haddr
  register_vcpu_tb_exec_cb register_vcpu_insn_exec_cb NO_REGS R_REGS RW_REGS RW_REGS_PC
  register_vcpu_tb_exec_cond_cb register_vcpu_insn_exec_cond_cb
  register_vcpu_tb_exec_inline_per_vcpu register_vcpu_insn_exec_inline_per_vcpu set_pc
  register_vcpu_mem_cb mem_size_shift mem_is_sign_extended mem_is_big_endian mem_is_store mem_get_value
  register_vcpu_mem_inline_per_vcpu get_hwaddr hwaddr_* read_memory_vaddr write_memory_vaddr
  translate_vaddr read_memory_hwaddr write_memory_hwaddr
  get_registers read_register write_register
  scoreboard_new scoreboard_free scoreboard_find scoreboard_u64 u64_add u64_get u64_set u64_sum
  register_vcpu_syscall_cb register_vcpu_syscall_ret_cb register_vcpu_syscall_filter_cb`.split(/\s+/);

const rows = readFileSync(page, "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, names = "", , , link = ""] = line.split("|");
    const file = /\]\((\S+)\)/.exec(link)?.[1];
    return file === undefined
      ? []
      : [{ names: [...names.matchAll(/`([^`]+)`/g)].map(([, n = ""]) => n), file }];
  });

describe("docs/qemu-api.md", () => {
  it("has each function of QEMU's plugin API once", () => {
    expect(rows.flatMap((row) => row.names).sort()).toEqual([...API].sort());
  });

  it.each(rows)("links $names to tests that name them", ({ names, file }) => {
    const titles = readFileSync(new URL(file, page), "utf8").match(/describe\(\s*"[^"]+"/g) ?? [];
    const words = new Set(titles.join(" ").match(/[\w*]+/g));
    expect(names.filter((name) => !words.has(name))).toEqual([]);
  });
});
