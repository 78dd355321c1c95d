/* Cameras that are not there: preloaded, this library answers for /dev/videoN.
 *
 * A camera is a file "dev/videoN" in the folder $FAKE_CAMERAS and holds a struct camera, which the test
 * changes while the camera runs. "sys/videoN" holds its name, as sysfs does. Unplugged, its file is gone and
 * it is not `present`; plugged in again, it is a new file. A handle is an eventfd that counts full buffers,
 * so that poll works by itself; buffers lie in a memfd. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { HANDLES = 1024, BUFFERS = 8, MODES = 8 };
enum { RUN, STALL, FAIL, SHORT, CORRUPT };

struct mode {
    uint32_t fourcc, width, height, rate;
};

/* The test has the same structure, of 32-bit words behind the two names. */
struct camera {
    char name[32], bus[32];
    volatile uint32_t present, behaviour, counter, opens, owner;
    struct mode modes[MODES];
};

struct buffer {
    uint8_t *bytes;
    uint32_t used, sequence;
    struct timeval taken;
};

struct handle {
    struct camera *camera;
    int event, memory, streaming, done;
    uint32_t id, count, size, sequence;
    struct mode mode;
    struct buffer buffers[BUFFERS];
    uint32_t empty[BUFFERS], empties, full[BUFFERS], fulls;
    pthread_mutex_t lock;
    pthread_t runner;
};

static const char *folder;
static struct handle *handles[HANDLES];
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static DIR *(*real_opendir)(const char *);
static long (*real_syscall)(long, ...);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_real_functions(void) {
    real_open = dlsym(RTLD_NEXT, "open");
    real_close = dlsym(RTLD_NEXT, "close");
    real_opendir = dlsym(RTLD_NEXT, "opendir");
    real_syscall = dlsym(RTLD_NEXT, "syscall");
    real_mmap = dlsym(RTLD_NEXT, "mmap");
    folder = getenv("FAKE_CAMERAS");
}

static void begin(void) { pthread_once(&once, find_real_functions); }

static struct handle *handle_of(int descriptor) {
    return descriptor >= 0 && descriptor < HANDLES ? handles[descriptor] : NULL;
}

/* ---- Pictures: 16 bits of a counter, the high byte in the upper half, most significant bit left. ---- */

struct color {
    uint8_t y, u, v;
};

static struct color color_at(const struct mode *mode, uint32_t counter, uint32_t x, uint32_t y) {
    static const struct color zero = {40, 150, 120}, one = {190, 110, 150};
    uint32_t bit = (y * 2 < mode->height ? 15 : 7) - x * 8 / mode->width;
    return counter >> bit & 1 ? one : zero;
}

static uint32_t write_yuyv(uint8_t *to, const struct mode *mode, uint32_t counter) {
    uint8_t *at = to;
    for (uint32_t y = 0; y < mode->height; y++)
        for (uint32_t x = 0; x < mode->width; x += 2) {
            struct color color = color_at(mode, counter, x, y);
            *at++ = color.y, *at++ = color.u, *at++ = color.y, *at++ = color.v;
        }
    return at - to;
}

static uint32_t write_nv12(uint8_t *to, const struct mode *mode, uint32_t counter) {
    uint8_t *at = to;
    for (uint32_t y = 0; y < mode->height; y++)
        for (uint32_t x = 0; x < mode->width; x++) *at++ = color_at(mode, counter, x, y).y;
    for (uint32_t y = 0; y < mode->height; y += 2)
        for (uint32_t x = 0; x < mode->width; x += 2) {
            struct color color = color_at(mode, counter, x, y);
            *at++ = color.u, *at++ = color.v;
        }
    return at - to;
}

/* A baseline JPEG (ITU-T T.81) of flat blocks: an average for each, no more. The code of an average's
 * length is that length in four bits, the code of "nothing follows" is one bit, and the quantiser of 8 makes
 * a step of the average one level. */

struct bits {
    uint8_t *at;
    uint32_t held, count;
};

static void put(struct bits *bits, uint32_t value, uint32_t count) {
    bits->held = bits->held << count | (value & ((1u << count) - 1));
    for (bits->count += count; bits->count >= 8; bits->count -= 8) {
        uint8_t byte = bits->held >> (bits->count - 8);
        *bits->at++ = byte;
        if (byte == 0xff) *bits->at++ = 0;
    }
}

static void put_block(struct bits *bits, int average, int *before) {
    int step = average - *before, length = 0;
    *before = average;
    while (abs(step) >> length) length++;
    put(bits, length, 4);
    put(bits, step < 0 ? step - 1 : step, length);
    put(bits, 0, 1);
}

static uint8_t *segment(uint8_t *at, uint8_t marker, const uint8_t *bytes, uint32_t length) {
    *at++ = 0xff, *at++ = marker, *at++ = (length + 2) >> 8, *at++ = length + 2;
    memcpy(at, bytes, length);
    return at + length;
}

static uint32_t write_jpeg(uint8_t *to, const struct mode *mode, uint32_t counter) {
    uint8_t quantiser[65] = {0}, averages[29] = {0}, rest[18] = {0x10, 1};
    uint8_t frame[] = {8, mode->height >> 8, mode->height, mode->width >> 8, mode->width, 3,
                       1, 0x21, 0, 2, 0x11, 0, 3, 0x11, 0};
    const uint8_t scan[] = {3, 1, 0, 2, 0, 3, 0, 0, 63, 0}, start[] = {0xff, 0xd8};
    memset(quantiser + 1, 8, 64);
    averages[4] = 12;
    for (uint8_t length = 0; length < 12; length++) averages[17 + length] = length;
    memcpy(to, start, 2);
    uint8_t *at = segment(to + 2, 0xdb, quantiser, sizeof quantiser);
    at = segment(at, 0xc0, frame, sizeof frame);
    at = segment(at, 0xc4, averages, sizeof averages);
    at = segment(at, 0xc4, rest, sizeof rest);
    struct bits bits = {segment(at, 0xda, scan, sizeof scan), 0, 0};
    int before[3] = {0, 0, 0};
    for (uint32_t y = 0; y < mode->height; y += 8)
        for (uint32_t x = 0; x < mode->width; x += 16) {
            struct color color = color_at(mode, counter, x + 8, y + 4);
            put_block(&bits, color.y - 128, &before[0]);
            put_block(&bits, color.y - 128, &before[0]);
            put_block(&bits, color.u - 128, &before[1]);
            put_block(&bits, color.v - 128, &before[2]);
        }
    put(&bits, 0x7f, 7);
    *bits.at++ = 0xff, *bits.at++ = 0xd9;
    return bits.at - to;
}

static void take_picture(struct handle *handle) {
    struct camera *camera = handle->camera;
    uint32_t index = handle->empty[0], counter = camera->counter;
    struct buffer *buffer = &handle->buffers[index];
    memmove(handle->empty, handle->empty + 1, --handle->empties * sizeof *handle->empty);
    switch (handle->mode.fourcc) {
    case V4L2_PIX_FMT_NV12: buffer->used = write_nv12(buffer->bytes, &handle->mode, counter); break;
    case V4L2_PIX_FMT_MJPEG: buffer->used = write_jpeg(buffer->bytes, &handle->mode, counter); break;
    default: buffer->used = write_yuyv(buffer->bytes, &handle->mode, counter);
    }
    /* Only odd pictures suffer, so that the others can be told from them. */
    if (camera->behaviour == SHORT && counter & 1) buffer->used /= 2;
    if (camera->behaviour == CORRUPT && counter & 1)
        memset(buffer->bytes + buffer->used / 2, 0xf5, buffer->used / 4);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    buffer->taken = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    buffer->sequence = handle->sequence++;
    handle->full[handle->fulls++] = index;
    eventfd_write(handle->event, 1);
}

static void *run(void *argument) {
    struct handle *handle = argument;
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (!handle->done) {
        next.tv_nsec += 1000000000 / (handle->mode.rate ? handle->mode.rate : 30);
        next.tv_sec += next.tv_nsec / 1000000000, next.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        pthread_mutex_lock(&handle->lock);
        if (!handle->camera->present) {
            eventfd_write(handle->event, 1);
        } else if (handle->streaming && handle->camera->behaviour != STALL) {
            handle->camera->counter++;
            if (handle->empties) take_picture(handle);
        }
        pthread_mutex_unlock(&handle->lock);
    }
    return NULL;
}

/* ---- The calls of V4L2 that a capture needs. ---- */

/* The mode that is number `index` among those that differ in `fields` words from all before them, where the
 * first `fixed` words are those of `like`. */
static const struct mode *nth(const struct camera *camera, const struct mode *like, size_t fixed,
                              size_t fields, uint32_t index) {
    for (const struct mode *mode = camera->modes; mode < camera->modes + MODES && mode->fourcc; mode++) {
        int seen = memcmp(mode, like, fixed * sizeof(uint32_t));
        for (const struct mode *other = camera->modes; other < mode; other++)
            seen |= !memcmp(mode, other, fields * sizeof(uint32_t));
        if (!seen && !index--) return mode;
    }
    return NULL;
}

static int describe(const struct camera *camera, struct v4l2_capability *answer) {
    memset(answer, 0, sizeof *answer);
    strcpy((char *)answer->driver, "fake");
    memcpy(answer->card, camera->name, sizeof camera->name);
    memcpy(answer->bus_info, camera->bus, sizeof camera->bus);
    int metadata = !camera->modes[0].fourcc;
    answer->device_caps = V4L2_CAP_STREAMING | (metadata ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE);
    answer->capabilities = answer->device_caps | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_DEVICE_CAPS;
    return 0;
}

static int list_formats(const struct camera *camera, struct v4l2_fmtdesc *answer) {
    const struct mode *mode = nth(camera, camera->modes, 0, 1, answer->index);
    if (answer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || !mode) return EINVAL;
    answer->pixelformat = mode->fourcc;
    memcpy(answer->description, &mode->fourcc, 4);
    return 0;
}

static int list_sizes(const struct camera *camera, struct v4l2_frmsizeenum *answer) {
    struct mode like = {answer->pixel_format, 0, 0, 0};
    const struct mode *mode = nth(camera, &like, 1, 3, answer->index);
    if (!mode) return EINVAL;
    answer->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    answer->discrete = (struct v4l2_frmsize_discrete){mode->width, mode->height};
    return 0;
}

static int list_rates(const struct camera *camera, struct v4l2_frmivalenum *answer) {
    struct mode like = {answer->pixel_format, answer->width, answer->height, 0};
    const struct mode *mode = nth(camera, &like, 3, 4, answer->index);
    if (!mode) return EINVAL;
    answer->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    answer->discrete = (struct v4l2_fract){1, mode->rate};
    return 0;
}

/* A program that ends lets go of its cameras, as the kernel sees to: an owner is a program and a number. */
static int is_taken(const struct handle *handle) {
    uint32_t owner = handle->camera->owner;
    return owner && owner != handle->id && !kill(owner >> 8, 0);
}

static int set_format(struct handle *handle, struct v4l2_format *format, int change) {
    struct v4l2_pix_format *pixels = &format->fmt.pix;
    struct mode like = {pixels->pixelformat, pixels->width, pixels->height, 0};
    const struct mode *mode = change ? nth(handle->camera, &like, 3, 4, 0) : &handle->mode;
    if (format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || !mode) return EINVAL;
    if (change && (is_taken(handle) || handle->count)) return EBUSY;
    handle->mode = *mode;
    memset(pixels, 0, sizeof *pixels);
    pixels->width = mode->width, pixels->height = mode->height, pixels->pixelformat = mode->fourcc;
    pixels->field = V4L2_FIELD_NONE, pixels->colorspace = V4L2_COLORSPACE_SRGB;
    pixels->sizeimage = mode->width * mode->height * 2 + 4096;
    if (mode->fourcc == V4L2_PIX_FMT_YUYV) pixels->bytesperline = mode->width * 2;
    if (mode->fourcc == V4L2_PIX_FMT_NV12) pixels->bytesperline = mode->width;
    return 0;
}

static int set_rate(struct handle *handle, struct v4l2_streamparm *answer, int change) {
    struct v4l2_fract *interval = &answer->parm.capture.timeperframe;
    if (change && is_taken(handle)) return EBUSY;
    if (change && interval->numerator) handle->mode.rate = interval->denominator / interval->numerator;
    *interval = (struct v4l2_fract){1, handle->mode.rate};
    return 0;
}

static int make_buffers(struct handle *handle, struct v4l2_requestbuffers *request) {
    if (is_taken(handle) || handle->streaming) return EBUSY;
    for (uint32_t index = 0; index < handle->count; index++)
        munmap(handle->buffers[index].bytes, handle->size);
    if (handle->count) real_close(handle->memory);
    handle->count = request->count = request->count < BUFFERS ? request->count : BUFFERS;
    handle->camera->owner = handle->count ? handle->id : 0;
    if (!handle->count) return 0;
    handle->size = (handle->mode.width * handle->mode.height * 2 + 8191) & ~4095u;
    handle->memory = memfd_create("buffers", MFD_CLOEXEC);
    if (ftruncate(handle->memory, (off_t)handle->size * handle->count)) return ENOMEM;
    for (uint32_t index = 0; index < handle->count; index++)
        handle->buffers[index].bytes = real_mmap(NULL, handle->size, PROT_READ | PROT_WRITE, MAP_SHARED,
                                                 handle->memory, (off_t)index * handle->size);
    return 0;
}

static void tell_buffer(const struct handle *handle, struct v4l2_buffer *answer) {
    const struct buffer *buffer = &handle->buffers[answer->index];
    answer->length = handle->size, answer->m.offset = answer->index * handle->size;
    answer->bytesused = buffer->used, answer->sequence = buffer->sequence;
    answer->timestamp = buffer->taken, answer->field = V4L2_FIELD_NONE;
    answer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
}

static int queue(struct handle *handle, struct v4l2_buffer *buffer) {
    for (uint32_t index = 0; index < handle->empties; index++)
        if (handle->empty[index] == buffer->index) return EINVAL;
    if (buffer->index >= handle->count) return EINVAL;
    handle->empty[handle->empties++] = buffer->index;
    return 0;
}

static int dequeue(struct handle *handle, struct v4l2_buffer *buffer) {
    eventfd_t ready;
    if (handle->camera->behaviour == FAIL) return EIO;
    if (!handle->fulls || eventfd_read(handle->event, &ready)) return EAGAIN;
    buffer->index = handle->full[0];
    memmove(handle->full, handle->full + 1, --handle->fulls * sizeof *handle->full);
    tell_buffer(handle, buffer);
    return 0;
}

static int stop(struct handle *handle) {
    eventfd_t ready;
    while (!eventfd_read(handle->event, &ready)) {}
    handle->streaming = 0, handle->empties = 0, handle->fulls = 0;
    return 0;
}

static int answer(struct handle *handle, unsigned long request, void *argument) {
    struct camera *camera = handle->camera;
    struct v4l2_buffer *buffer = argument;
    if (!camera->present) return ENODEV;
    switch ((uint32_t)request) {
    case VIDIOC_QUERYCAP: return describe(camera, argument);
    case VIDIOC_ENUM_FMT: return list_formats(camera, argument);
    case VIDIOC_ENUM_FRAMESIZES: return list_sizes(camera, argument);
    case VIDIOC_ENUM_FRAMEINTERVALS: return list_rates(camera, argument);
    case VIDIOC_G_FMT: return set_format(handle, argument, 0);
    case VIDIOC_S_FMT: return set_format(handle, argument, 1);
    case VIDIOC_G_PARM: return set_rate(handle, argument, 0);
    case VIDIOC_S_PARM: return set_rate(handle, argument, 1);
    case VIDIOC_REQBUFS: return make_buffers(handle, argument);
    case VIDIOC_QUERYBUF: return buffer->index < handle->count ? (tell_buffer(handle, buffer), 0) : EINVAL;
    case VIDIOC_QBUF: return queue(handle, buffer);
    case VIDIOC_DQBUF: return dequeue(handle, buffer);
    case VIDIOC_STREAMON: handle->streaming = 1; return 0;
    case VIDIOC_STREAMOFF: return stop(handle);
    default: return ENOTTY;
    }
}

static int refuse(int error) {
    errno = error;
    return error ? -1 : 0;
}

static int open_camera(const char *node) {
    char path[4096];
    snprintf(path, sizeof path, "%s%s", folder, node);
    int file = real_open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return refuse(ENOENT);
    struct handle *handle = calloc(1, sizeof *handle);
    handle->camera = real_mmap(NULL, sizeof *handle->camera, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    real_close(file);
    handle->id = getpid() << 8 | (++handle->camera->opens & 0xff);
    handle->mode = handle->camera->modes[0];
    handle->event = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&handle->lock, NULL);
    pthread_create(&handle->runner, NULL, run, handle);
    handles[handle->event] = handle;
    return handle->event;
}

/* ---- The functions that the program calls instead of the C library's. ---- */

static int open_any(const char *path, int flags, mode_t mode) {
    static const char nodes[] = "/dev/video";
    char other[4096];
    int number;
    begin();
    if (folder && !strncmp(path, nodes, sizeof nodes - 1)) return open_camera(path);
    if (folder && sscanf(path, "/sys/class/video4linux/video%d/name", &number) == 1) {
        snprintf(other, sizeof other, "%s/sys/video%d", folder, number);
        path = other;
    }
    return real_open(path, flags, mode);
}

#define OPEN(name)                                \
    int name(const char *path, int flags, ...) {  \
        va_list rest;                             \
        va_start(rest, flags);                    \
        mode_t mode = va_arg(rest, mode_t);       \
        va_end(rest);                             \
        return open_any(path, flags, mode);       \
    }
OPEN(open)
OPEN(open64)

DIR *opendir(const char *path) {
    char other[4096];
    begin();
    if (folder && !strcmp(path, "/dev")) {
        snprintf(other, sizeof other, "%s/dev", folder);
        path = other;
    }
    return real_opendir(path);
}

int close(int descriptor) {
    begin();
    struct handle *handle = handle_of(descriptor);
    if (!handle) return real_close(descriptor);
    handles[descriptor] = NULL;
    handle->done = 1;
    pthread_join(handle->runner, NULL);
    struct v4l2_requestbuffers none = {0};
    stop(handle);
    make_buffers(handle, &none);
    munmap(handle->camera, sizeof *handle->camera);
    free(handle);
    return real_close(descriptor);
}

void *mmap(void *at, size_t length, int protection, int flags, int descriptor, off_t offset) {
    begin();
    struct handle *handle = handle_of(descriptor);
    return real_mmap(at, length, protection, flags, handle ? handle->memory : descriptor, offset);
}

/* The Rust crate reaches ioctl by its number. */
long syscall(long number, ...) {
    long a[6];
    va_list rest;
    va_start(rest, number);
    for (int index = 0; index < 6; index++) a[index] = va_arg(rest, long);
    va_end(rest);
    begin();
    struct handle *handle = number == SYS_ioctl ? handle_of(a[0]) : NULL;
    if (!handle) return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    pthread_mutex_lock(&handle->lock);
    int error = answer(handle, a[1], (void *)a[2]);
    pthread_mutex_unlock(&handle->lock);
    return refuse(error);
}
