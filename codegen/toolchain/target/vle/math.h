/* Mathematics in single precision, as far as networks need it; math.c implements it. */
#ifndef MATH_H
#define MATH_H

#define INFINITY __builtin_inff()

float expf(float x);
float tanhf(float x);
float roundf(float x);

#endif
