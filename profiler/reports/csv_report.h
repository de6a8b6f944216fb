#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// A table for spreadsheets, by RFC 4180: the layers where there are any, else the functions. Sample:
///
///   layer,name,operator,output,macc,cycles,instructions,ms,percent
///   0,conv2d/Relu,CONV_2D,1x62x62x8,276768,812311,640100,2.030778,61.204
///
///   function,address,calls,self_cycles,total_cycles,self_instructions
///   main,0x08000412,1,96,1327211,80
std::string csv_report(const Profile& profile);

}  // namespace mcusim::profiler
