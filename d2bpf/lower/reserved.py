"""What the C texts of helpers (*.bpf.h) call their macros, functions, constants and tables: names that no D name may take in C.

Kept in step with those files by a test.
"""

from __future__ import annotations

# Macros replace words everywhere, members of structures included.
MACROS = frozenset(
    """
    ADDRESS_MASK ADDRESS_SIZE ALLOCA_SIZE ALLOCA_STORE16 ALLOCA_STORE32 ALLOCA_STORE64 ALLOCA_STORE8 ARGUMENTS BOUND
    BY_INDEX DIGITS_SIZE DOES EACH_BYTE ERROR_SITE FAULT FUNCTION_ARGUMENT FUNCTION_RESULT GENERATIONS HASH_BASE LOOP MARKS
    PATH_DEPTH READ READ_KERNEL READ_USER RECORD_MASK STRMASK STRSIZE STRWIDE STRWORDS SYSCALLS SYSCALL_ARG0 SYSCALL_ARG1
    SYSCALL_ARG2 SYSCALL_ARG3 SYSCALL_ARG4 SYSCALL_ARG5 TIMESTAMP UNROLLED ZERO compat_call entry_number saved_register
    """.split()
)
# Names at file level, which a local variable would hide and a map would clash with.
HELPERS = frozenset(
    """
    ACTIVE AFTER AT_COLON AT_ROOT BARE BEGINS CHILL_INTERVAL CHILL_MASK CHILL_MOST CHILL_TURNS CLOSES COUNT DRAINING
    DROP_AGGREGATION DROP_DBLERROR DROP_DYNAMIC DROP_NESTED DROP_PRINCIPAL DROP_SPEC DROP_SPECBUSY DROP_SPECUNAVAIL EARLIER
    EARLIER_AT END ENDS END_AT END_OF_WALK ENTRY EXIT_CALLED FIRST_KEY FIRST_VALUE INIT KEY KEY_BEGINS KEY_ENDS KEY_ESCAPE
    LIST MOUNT NEXT NEXT_KEY NO_ROOT OPENS OVER QUOTES RESULT SCRATCH_LEVELS START START_AT STRING STRING_ESCAPE TOO_DEEP
    VALUE add_delimiters agg_avg agg_count agg_llquantize agg_lquantize agg_max agg_min agg_quantize agg_stddev agg_sum
    alloca_address alloca_at alloca_clear alloca_from_kernel alloca_from_user base_name below boundary_stack bytes_through
    change_case character_at charged_run_time chill_for chill_memory chilled clamp clean_path copy_out copy_out_text
    cpu_node cpu_nodes cpu_package cpu_packages cut delimiters descends digit_value dir_name drop entry_call_number equal
    file_path find_components find_text find_word first_byte found_at gauge gauges holds_ipv4 is_zero json_value
    kernel_argument kernel_pc kernel_result last_byte magnitude masked members memory_text mount_path new_speculation
    next_token no_component nonzero number_of number_text opaque passed places plain probe_ids probe_names process_id
    put_arguments put_character put_decimal put_group put_groups put_link put_number put_path put_quad put_unknown read_word
    report_fault return_call_number return_number run_time scheduler_clock scheduler_clock_lead scheduler_word scratch_at
    scratch_held scratch_level sdiv set_character settled site_probe smaller smod speculation_has_room speculations
    stack_bytes str_append str_append_user str_chr str_compare str_part str_rchr syscall_errno syscall_result text_number
    thread_id thread_id_of through_first user_argument user_pc user_register user_result walk_up within_component zero_bytes
    """.split()
)
