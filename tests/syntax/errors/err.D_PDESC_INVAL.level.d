#! text
#! level: module
#! invalid probe description "a:b:c": Overspecified probe description
a:b:c { }