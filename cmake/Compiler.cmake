# One dialect, all warnings, each an error; the sanitizers that a preset asks for.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(CARNET_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize= takes them")
option(CARNET_FUZZ "build the fuzz targets (clang)" OFF)

set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g") # asserts stay
set(CMAKE_C_FLAGS_DEBUG "-O1 -g") # whole scenarios run under the sanitizers

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-fno-omit-frame-pointer)
set(CARNET_WARNINGS -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
    -Wwrite-strings -Wvla -Wcast-qual -Wundef -Wformat=2 -Werror)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	list(APPEND CARNET_WARNINGS -Wlogical-op -Wduplicated-cond)
endif()
if(CARNET_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link) # coverage of the rooms, or libFuzzer runs blind
endif()
if(CARNET_SANITIZE)
	add_compile_options(-fsanitize=${CARNET_SANITIZE} -fno-sanitize-recover=all)
	add_link_options(-fsanitize=${CARNET_SANITIZE})
else()
	add_compile_options($<$<CONFIG:RelWithDebInfo>:-D_FORTIFY_SOURCE=2> -fstack-protector-strong)
	add_link_options(-Wl,-z,relro,-z,now)
endif()
