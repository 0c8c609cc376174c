"""Every diagnostic code there is: libdtrace's D_* error tags, X_* for what is valid D but cannot be done here, and L###
for lint rules. A code that is not in this table is a bug of ours; `known` is what tests ask.
"""

from __future__ import annotations

from functools import cache

# libdtrace's tags (language.md 12.2), each with what it says in one line.
_DTRACE = """
D_UNKNOWN               internal or unclassified error
D_SYNTAX                the text is not D
D_EMPTY                 the program holds nothing
D_TYPE_ERR              a type that is needed internally is missing
D_TYPE_MEMBER           a struct or union has no such member
D_ASRELO                an internal relocation is left
D_CG_EXPR               an action stands where a value is expected
D_CG_DYN                an expression has a value of dynamic type
D_ATTR_MIN              an identifier's stability is below the minimum asked for (-xamin)
D_ID_OFLOW              too many variables
D_PDESC_ZERO            a probe description matches no probe
D_PDESC_INVAL           a probe description or probe identifier is not valid
D_PRED_SCALAR           a predicate is not of scalar type
D_FUNC_IDENT            what is called is not a function
D_FUNC_UNDEF            no function of that name
D_FUNC_IDKIND           a variable is called like a function
D_OFFSETOF_TYPE         offsetof of what is no struct or union
D_OFFSETOF_BITFIELD     offsetof of a bit-field
D_SIZEOF_TYPE           sizeof of what has no known size
D_SIZEOF_BITFIELD       sizeof of a bit-field
D_STRINGOF_TYPE         stringof of what cannot become a string
D_OP_IDENT              an operator must be followed by an identifier
D_OP_INT                an operator needs integers
D_OP_SCALAR             an operator needs scalars
D_OP_ARITH              an operator needs arithmetic types
D_OP_WRITE              assignment to what is no variable or is read-only
D_OP_LVAL               an operator needs something modifiable
D_OP_INCOMPAT           operands have incompatible types
D_OP_VFPTR              arithmetic on a pointer to void or function
D_OP_ARRFUN             an operator cannot be applied to an array or function
D_OP_PTR                -> applied to what is no pointer
D_OP_SOU                . or -> applied to what is no struct or union
D_OP_INCOMPLETE         an operator applied to a type that is only declared
D_OP_DYN                an operator applied to a value of dynamic type
D_OP_ACT                an operator applied to an action
D_AGG_REDEF             an aggregation is given a second aggregating function
D_AGG_FUNC              an aggregation is assigned something else than an aggregating function
D_AGG_NULL              an aggregation as a statement has no effect
D_AGG_MDIM              an aggregation is used like an array of several dimensions
D_AGG_COMM              an aggregation after commit()
D_AGG_SPEC              an aggregation after speculate()
D_AGG_SCALAR            an aggregating function's argument is not scalar
D_ARR_BADREF            what is no associative array is used as one
D_ARR_LOCAL             a clause-local variable is used as an associative array
D_ARR_BOUNDS            a constant index is outside of its array
D_DIV_ZERO              division by a constant zero
D_DEREF_NONPTR          * applied to what is no pointer
D_DEREF_VOID            * applied to a pointer to void
D_DEREF_FUNC            * applied to a pointer to a function
D_ADDROF_LVAL           & applied to what has no address
D_ADDROF_VAR            & applied to a D variable
D_ADDROF_BITFIELD       & applied to a bit-field
D_XLATE_REDECL          a second translator for the same two types
D_XLATE_NOCONV          a translator has no rule for a member
D_XLATE_NONE            no translator for these two types
D_XLATE_SOU             a translator's output is no struct or union
D_XLATE_INCOMPAT        a translator's expression does not fit its member
D_XLATE_MEMB            a translator names a member its output type has not
D_CAST_INVAL            a cast between types that cannot be cast
D_PRAGERR               #error or #pragma error
D_PRAGCTL_INVAL         a control line that D does not know
D_PRAGMA_INVAL          a #pragma D that D does not know
D_PRAGMA_UNUSED         #pragma D attributes or binding for an identifier that does not follow
D_PRAGMA_MALFORM        a #pragma D with the wrong operands
D_PRAGMA_OPTSET         #pragma D option failed to set the option
D_PRAGMA_SCOPE          a #pragma D outside of its scope
D_PRAGMA_DEPEND         a #pragma D depends_on that is not met
D_MACRO_UNDEF           a macro argument or variable is not defined
D_MACRO_OFLOW           a macro argument is no integer of 64 bits
D_MACRO_UNUSED          the last macro argument is not used
D_INT_OFLOW             an integer constant needs more than 64 bits
D_INT_DIGIT             an octal constant has a digit 8 or 9
D_STR_NL                a string constant goes over a line's end
D_CHR_NL                a character constant goes over a line's end
D_CHR_NULL              an empty character constant
D_CHR_OFLOW             a character constant of more than 8 characters
D_IDENT_BADREF          an identifier of one kind is used as another
D_IDENT_UNDEF           an unknown variable or symbol name
D_IDENT_AMBIG           a name is both an enumerator and a variable
D_SYM_BADREF            a kernel symbol of the wrong kind
D_SYM_NOTYPES           a kernel symbol without type information
D_SYM_MODEL             a symbol's data model is not the program's
D_VAR_UNDEF             a variable is read before anything declares or assigns it
D_VAR_UNSUP             a variable of a kind that is not supported
D_PROTO_LEN             the wrong number of arguments or keys
D_PROTO_ARG             an argument or key of the wrong type
D_ARGS_MULTI            args[] of probes that differ in their arguments
D_ARGS_XLATOR           no translator for an argument
D_ARGS_NONE             the probe has no known arguments
D_ARGS_TYPE             an argument of unknown type
D_ARGS_IDX              the probe has no argument of that index
D_REGS_IDX              no register of that index
D_KEY_TYPE              a value of this type may not be a key
D_PRINTF_DYN_PROTO      no argument for a * width or precision
D_PRINTF_DYN_TYPE       a * width or precision is not an int
D_PRINTF_AGG_CONV       %@ outside of printa()
D_PRINTF_ARG_PROTO      no argument for a conversion
D_PRINTF_ARG_TYPE       an argument does not fit its conversion
D_PRINTF_ARG_EXTRA      more arguments than conversions
D_PRINTF_ARG_FMT        the format is not a string constant
D_PRINTF_FMT_EMPTY      the format is empty
D_DECL_CHARATTR         char with short or long
D_DECL_VOIDATTR         void with an attribute
D_DECL_SIGNINT          signed or unsigned with what is no integer type
D_DECL_LONGINT          short or long with what is no integer type
D_DECL_IDENT            a declaration without a type
D_DECL_CLASS            more than one storage class
D_DECL_BADCLASS         a storage class D does not have
D_DECL_PARMCLASS        a storage class on a parameter
D_DECL_COMBO            types that do not go together
D_DECL_ARRSUB           an array dimension that is no positive constant
D_DECL_ARRNULL          an array without dimension
D_DECL_ARRBIG           an array that is too big
D_DECL_IDRED            an identifier declared again as something else
D_DECL_TYPERED          a type declared again
D_DECL_MNAME            a struct or union member without a name
D_DECL_SCOPE            a scoped name where one cannot be
D_DECL_BFCONST          a bit-field width that is no constant
D_DECL_BFSIZE           a bit-field width that is too large
D_DECL_BFTYPE           a bit-field that is not of integer type
D_DECL_ENCONST          an enumerator's value that is no constant
D_DECL_ENOFLOW          an enumerator's value that is no int
D_DECL_USELESS          a declaration that declares nothing
D_DECL_LOCASSC          a clause-local associative array
D_DECL_VOIDOBJ          a variable of type void
D_DECL_DYNOBJ           a variable of dynamic type
D_DECL_INCOMPLETE       a variable of a type that is only declared
D_DECL_PROTO_VARARGS    ... where no variable arguments can be
D_DECL_PROTO_TYPE       a parameter of a type it cannot have
D_DECL_PROTO_VOID       void that is not the only parameter
D_DECL_PROTO_NAME       a parameter with a name where none can be
D_DECL_PROTO_FORM       a parameter of the wrong form
D_COMM_COMM             commit() after commit()
D_COMM_DREC             commit() after a data-recording action
D_SPEC_SPEC             speculate() after speculate()
D_SPEC_COMM             speculate() after commit()
D_SPEC_DREC             speculate() after a data-recording action
D_ACT_SPEC              a destructive action after speculate()
D_EXIT_SPEC             exit() after speculate()
D_DREC_COMM             a data-recording action after commit()
D_PRINTA_PROTO          printa() with the wrong number of arguments
D_PRINTA_AGGARG         printa() of what is no aggregation
D_PRINTA_AGGBAD         printa() of an aggregation that does not exist
D_PRINTA_AGGKEY         printa() of aggregations with different numbers of keys
D_PRINTA_AGGPROTO       printa() of aggregations with different types of keys
D_TRACE_VOID            trace() of nothing
D_TRACE_DYN             trace() of a value of dynamic type
D_TRACEMEM_ADDR         tracemem() of what is no address
D_TRACEMEM_SIZE         tracemem() with a size that is no positive constant
D_TRACEMEM_ARGS         tracemem() with the wrong number of arguments
D_TRACEMEM_DYNSIZE      tracemem() with a run-time size that is no integer
D_STACK_PROTO           stack() with the wrong arguments
D_STACK_SIZE            stack() with a depth that is no positive constant
D_USTACK_PROTO          ustack() with the wrong arguments
D_USTACK_FRAMES         ustack() with a depth that is no positive constant
D_USTACK_STRSIZE        ustack() with a string size that is no positive constant
D_ALLOCA_SIZE           alloca() of more than the scratch space
D_ALLOCA_INCOMPAT       one variable for alloca() memory and for other pointers
D_QUANT_PROTO           quantize() with the wrong arguments
D_LQUANT_BASETYPE       lquantize() with a base that is no constant
D_LQUANT_BASEVAL        lquantize() with a base of more than 32 bits
D_LQUANT_LIMTYPE        lquantize() with a limit that is no constant
D_LQUANT_LIMVAL         lquantize() with a limit of more than 32 bits
D_LQUANT_MISMATCH       lquantize() with a limit below its base
D_LQUANT_STEPTYPE       lquantize() with a step that is no positive constant
D_LQUANT_STEPVAL        lquantize() with a step of more than 16 bits
D_LQUANT_STEPLARGE      lquantize() with a step that leaves no level
D_LQUANT_STEPSMALL      lquantize() with too many levels
D_LQUANT_MATCHBASE      lquantize() with another base than before
D_LQUANT_MATCHLIM       lquantize() with another limit than before
D_LQUANT_MATCHSTEP      lquantize() with another step than before
D_LLQUANT_FACTORTYPE    llquantize() with a factor that is no constant
D_LLQUANT_FACTORVAL     llquantize() with a factor out of range
D_LLQUANT_LMAGTYPE      llquantize() with a low magnitude that is no constant
D_LLQUANT_LMAGVAL       llquantize() with a low magnitude out of range
D_LLQUANT_HMAGTYPE      llquantize() with a high magnitude that is no constant
D_LLQUANT_HMAGVAL       llquantize() with a high magnitude out of range
D_LLQUANT_STEPTYPE      llquantize() with a number of steps that is no positive constant
D_LLQUANT_STEPVAL       llquantize() with a number of steps that does not divide its factor
D_LLQUANT_MATCHFACTOR   llquantize() with another factor than before
D_LLQUANT_MATCHLMAG     llquantize() with another low magnitude than before
D_LLQUANT_MATCHHMAG     llquantize() with another high magnitude than before
D_LLQUANT_MATCHSTEPS    llquantize() with another number of steps than before
D_PROC_OFF              pid provider: offset outside of the function
D_PROC_ALIGN            pid provider: offset not at an instruction
D_PROC_NAME             pid provider: not a valid probe name
D_PROC_GRAB             pid provider: the process cannot be grabbed
D_PROC_DYN              pid provider: the process is not dynamically linked
D_PROC_LIB              pid provider: no such object in the process
D_PROC_FUNC             pid provider: no such function
D_PROC_CREATEFAIL       pid provider: the probe cannot be created
D_PROC_NODEV            pid provider: not available
D_PROC_BADPID           pid provider: no valid process id in the provider's name
D_PROC_BADPROV          pid provider: not a valid provider name
D_PROC_USDT             the process' own probes cannot be found
D_CLEAR_PROTO           clear() with the wrong number of arguments
D_CLEAR_AGGARG          clear() of what is no aggregation
D_CLEAR_AGGBAD          clear() of an aggregation that does not exist
D_NORMALIZE_PROTO       normalize() with the wrong number of arguments
D_NORMALIZE_AGGARG      normalize() of what is no aggregation
D_NORMALIZE_AGGBAD      normalize() of an aggregation that does not exist
D_NORMALIZE_SCALAR      normalize() by what is no scalar
D_TRUNC_PROTO           trunc() with the wrong number of arguments
D_TRUNC_AGGARG          trunc() of what is no aggregation
D_TRUNC_AGGBAD          trunc() of an aggregation that does not exist
D_TRUNC_SCALAR          trunc() to what is no scalar
D_PROV_BADNAME          a provider's name is not valid
D_PROV_INCOMPAT         a provider is declared again in another way
D_PROV_PRDUP            a provider declares a probe twice
D_PROV_PRARGLEN         a provider's probe has too many arguments
D_PROV_PRXLATOR         a provider's probe has an argument without a translator
D_FREOPEN_INVALID       freopen() to a reserved name
D_PCAP_ADDR             pcap() of what is no packet
D_PCAP_PROTO            pcap() with an unknown protocol
D_PCAP_SIZE             pcap() with a size that is no positive constant
D_PRINT_SIZE            print() of a value without a size
D_PRINTM_ADDR           printm() of what is no address
D_PRINTM_SIZE           printm() with a size that is no positive constant
D_OBSOLETE1             reserved
"""

# Valid D that cannot be translated to this machine or for this kernel.
_UNTRANSLATABLE = """
X_ACTION                an action that cannot be translated
X_ARGUMENT              an argument that cannot be read where the probe is
X_COMPLEX               a clause that the kernel's verifier would not get to the end of
X_CONSTRUCT             a construct that cannot be translated
X_CPP                   the C preprocessor is missing or refused the program
X_KERNEL_VARIABLE       a kernel variable that cannot be read on this kernel
X_MEMBER                a member that this kernel's type does not have
X_PROVIDER              provider data that does not fit this kernel or is wrong
X_SCRATCH               more scratch space than a BPF program can have
X_SUBROUTINE            a subroutine or action that is not available on Linux
X_TYPE                  a type that this kernel does not have
X_USERLAND              types and symbols of a process' own debug information
X_VARIABLE              a built-in variable that is not available on Linux
"""

# Rules of lint (lint/rules/): what is wrong with a script, or differs on Linux, though it may compile.
_LINT = """
L101                    a probe description that matches nothing on Linux
L102                    a probe under the name another system has for it
L103                    a system call of another system beside those of Linux
L104                    a probe that differs from the original of its name
L105                    a probe on a function of the kernel
L106                    a record for each firing of a probe that fires too often
L107                    probes that only some programs bring along
L201                    a structure or variable of the kernel
L202                    a structure or variable of another system's kernel
L203                    an argument that the probe does not have on Linux
L204                    a value that never changes on Linux
L205                    a built-in that differs from the original of its name
L301                    an action that changes the system
L401                    keys that are new at each firing
L402                    a variable that is never freed
L403                    an array with room for few elements
L501                    a time difference without a predicate for its start
L502                    a duration measured by the wall clock
L503                    CPU times of different threads subtracted
L504                    a thread-local variable between probes of different threads
L601                    a comment that never ends
L602                    a // comment
L603                    lines that end in carriage returns
L604                    an option without effect
L605                    a string that is cut, or compared with what never has its length
L606                    a first line that names another system's dtrace
L701                    a program that only a run of its script completes
L702                    flags that cannot be used
"""


@cache
def table() -> dict[str, str]:
    """Every code with what it means in one line."""
    lines = (line.partition(" ") for line in (_DTRACE + _UNTRANSLATABLE + _LINT).splitlines() if line)
    return {code: meaning.strip() for code, _, meaning in lines}


def known(code: str) -> bool:
    """Whether a code is in the table."""
    return code in table()
