# The sentences of other languages (lib/contract/words.*.txt), which translators edit, as a header
# that lib/contract/words.c embeds.  Included, it makes the header part of the build; run with -P,
# it writes the header.

if(CMAKE_SCRIPT_MODE_FILE)
	set(header "")
	foreach(language ko ja)
		file(READ ${FOLDER}/words.${language}.txt hex HEX)
		string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
		string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
		string(APPEND header "static const unsigned char words_${language}[] = {\n${bytes}};\n")
	endforeach()
	file(WRITE ${OUTPUT} "${header}")
	return()
endif()

set(header ${CMAKE_BINARY_DIR}/words/contract/words_texts.h)
set(folder ${CMAKE_SOURCE_DIR}/lib/contract)
add_custom_command(OUTPUT ${header}
	COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${header} -P ${CMAKE_CURRENT_LIST_FILE}
	DEPENDS ${folder}/words.ko.txt ${folder}/words.ja.txt ${CMAKE_CURRENT_LIST_FILE})
add_custom_target(words-texts DEPENDS ${header})
if(TARGET contract)
	add_dependencies(contract words-texts)
	target_include_directories(contract PRIVATE ${CMAKE_BINARY_DIR}/words)
endif()
