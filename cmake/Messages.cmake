# The contracts of proto/ as C, generated into the build tree: #include "carnet/v1/transfer.pb-c.h".
find_program(PROTOC_C protoc-c REQUIRED)
file(GLOB_RECURSE protos RELATIVE ${CMAKE_SOURCE_DIR}/proto CONFIGURE_DEPENDS proto/*.proto)
set(generated ${CMAKE_BINARY_DIR}/messages)
file(MAKE_DIRECTORY ${generated})
set(sources)
foreach(proto ${protos})
	string(REGEX REPLACE "\\.proto$" ".pb-c" stem ${proto})
	add_custom_command(
		OUTPUT ${generated}/${stem}.c ${generated}/${stem}.h
		COMMAND ${PROTOC_C} --c_out=${generated} -I ${CMAKE_SOURCE_DIR}/proto ${proto}
		DEPENDS ${CMAKE_SOURCE_DIR}/proto/${proto}
		COMMENT "protoc-c ${proto}")
	list(APPEND sources ${generated}/${stem}.c ${generated}/${stem}.h)
endforeach()
add_library(messages STATIC ${sources})
target_include_directories(messages SYSTEM PUBLIC ${generated})
target_link_libraries(messages PUBLIC library-protobuf-c)
