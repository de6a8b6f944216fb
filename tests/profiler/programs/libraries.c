// Networks in the shape that the runtimes of others give them, by the names of their functions and objects:
// LIBRARY chooses one. What they compute is nothing but time: work(n) executes 2 n instructions. Each network
// runs twice.
#include <stdint.h>

#define X_CUBE_AI 1
#define ST_EDGE_AI 2
#define TFLM 3
#define CMSIS_NN 4
#define FUNCTION __attribute__((noinline, noclone, used))

extern uint32_t stack_top;

static inline void work(uint32_t n) { __asm volatile("1: subs %0, #1\n bne 1b" : "+l"(n)::"cc"); }

#if LIBRARY == X_CUBE_AI
typedef struct layer {
  void (*forward)(const struct layer*);
  const struct layer* next;
  uint32_t work;
} ai_layer;
FUNCTION void forward_lite_nl_relu_if32of32(const ai_layer* layer) { work(layer->work); }
FUNCTION void forward_conv2d_if32of32wf32_nl_pool(const ai_layer* layer) {
  work(layer->work);
  forward_lite_nl_relu_if32of32(layer);
  work(1);
}
FUNCTION void forward_dense(const ai_layer* layer) { work(layer->work); }
static const ai_layer gemm_3_layer = {forward_dense, 0, 30};
static const ai_layer conv2d_2_layer = {forward_conv2d_if32of32wf32_nl_pool, &gemm_3_layer, 20};
static const ai_layer conv2d_0_layer = {forward_conv2d_if32of32wf32_nl_pool, &conv2d_2_layer, 10};
FUNCTION int ai_platform_network_process(const ai_layer* layer) {
  for (; layer != 0; layer = layer->next) layer->forward(layer);
  return 1;
}
FUNCTION int ai_network_run(void) { return ai_platform_network_process(&conv2d_0_layer); }
#define RUN ai_network_run

#elif LIBRARY == ST_EDGE_AI
int8_t g_network_activations[64];
FUNCTION void forward_lite_conv2d_sssa8_ch(const int8_t* in, uint32_t n) {
  __asm volatile("" ::"r"(in));
  work(n);
}
FUNCTION void forward_lite_dense_is8os8ws8(const int8_t* in, uint32_t n) {
  __asm volatile("" ::"r"(in));
  work(n);
}
FUNCTION int stai_network_run(void) {
  forward_lite_conv2d_sssa8_ch(g_network_activations, 10);
  forward_lite_conv2d_sssa8_ch(g_network_activations, 20);
  forward_lite_dense_is8os8ws8(g_network_activations, 30);
  return 0;
}
#define RUN stai_network_run

#elif LIBRARY == TFLM
typedef struct {
  uint32_t work;
} TfLiteNode;
typedef int Eval(const void* context, const TfLiteNode* node);
FUNCTION void arm_convolve_wrapper_s8(uint32_t n) { work(n); }
FUNCTION Eval conv __asm__("_ZN6tflite12_GLOBAL__N_18ConvEvalEP13TfLiteContextP10TfLiteNode");
int conv(const void* context, const TfLiteNode* node) {
  arm_convolve_wrapper_s8(node->work);
  return context == 0;
}
FUNCTION Eval
    fully_connected __asm__("_ZN6tflite12_GLOBAL__N_118FullyConnectedEvalEP13TfLiteContextP10TfLiteNode");
int fully_connected(const void* context, const TfLiteNode* node) {
  work(node->work);
  return context == 0;
}
static const struct {
  Eval* invoke;
  TfLiteNode node;
} operators[] = {{conv, {10}}, {conv, {20}}, {fully_connected, {30}}};
FUNCTION int invoke(void) __asm__("_ZN6tflite16MicroInterpreter6InvokeEv");
int invoke(void) {
  for (unsigned i = 0; i < 3; ++i) operators[i].invoke(&operators, &operators[i].node);
  return 0;
}
#define RUN invoke

#else
FUNCTION void arm_convolve_s8(uint32_t n) { work(n); }
FUNCTION void arm_convolve_wrapper_s8(uint32_t n) {
  arm_convolve_s8(n);
  work(1);
}
FUNCTION void arm_fully_connected_s8(uint32_t n) { work(n); }
FUNCTION void run_network(void) {
  arm_convolve_wrapper_s8(10);
  arm_convolve_wrapper_s8(20);
  arm_fully_connected_s8(30);
}
#define RUN run_network
#endif

__attribute__((noreturn)) void reset_handler(void) {
  for (volatile int inference = 0; inference < 2; ++inference) RUN();
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[2] = {&stack_top, reset_handler};
