# SHA-256 over the sorted SHA-256 digests of the engine's sources, as a header that
# lib/contract embeds: which engine judged is part of every receipt (docs/FORMATS.md).
# Included, it makes the header part of the build; run with -P, it writes the header.
#
# The sorted digests are hashed as lines of 64 lower-case hexadecimal digits, each ended
# by a newline: `sha256sum FILE... | cut -c1-64 | LC_ALL=C sort | sha256sum` says the same.

if(CMAKE_SCRIPT_MODE_FILE)
	set(digests)
	foreach(room base engine)
		file(GLOB files ${SOURCE_ROOT}/lib/${room}/*.c ${SOURCE_ROOT}/lib/${room}/*.h)
		foreach(file ${files})
			file(SHA256 ${file} digest)
			list(APPEND digests ${digest})
		endforeach()
	endforeach()
	list(SORT digests)
	list(JOIN digests "\n" lines)
	string(SHA256 digest "${lines}\n")
	set(header "#define ENGINE_DIGEST \"${digest}\"\n#define ENGINE_VERSION \"${VERSION}\"\n")
	# Written only when it differs, so that an unchanged engine rebuilds nothing.
	set(before)
	if(EXISTS ${OUTPUT})
		file(READ ${OUTPUT} before)
	endif()
	if(NOT before STREQUAL header)
		file(WRITE ${OUTPUT} "${header}")
	endif()
	return()
endif()

set(header ${CMAKE_BINARY_DIR}/engine_digest/contract/engine_digest.h)
add_custom_target(engine-digest
	COMMAND ${CMAKE_COMMAND} -DSOURCE_ROOT=${CMAKE_SOURCE_DIR} -DOUTPUT=${header}
		-DVERSION=${PROJECT_VERSION} -P ${CMAKE_CURRENT_LIST_FILE}
	BYPRODUCTS ${header})
if(TARGET contract)
	add_dependencies(contract engine-digest)
	target_include_directories(contract PRIVATE ${CMAKE_BINARY_DIR}/engine_digest)
endif()
