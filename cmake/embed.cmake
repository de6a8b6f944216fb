# mcusim_embed(TARGET SYMBOL FILES...)
# Compiles text files into TARGET as `extern const std::span<const mcusim::EmbeddedFile> mcusim::SYMBOL`;
# each entry is {name relative to the calling folder, content}.
set(MCUSIM_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)
function(mcusim_embed target symbol)
  set(files ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DSYMBOL=${symbol} -DBASE=${CMAKE_CURRENT_SOURCE_DIR}
            "-DFILES=${files}" -P ${MCUSIM_EMBED_SCRIPT}
    DEPENDS ${files} ${MCUSIM_EMBED_SCRIPT}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
